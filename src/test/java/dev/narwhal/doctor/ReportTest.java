package dev.narwhal.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {

    private static final Version VERSION = new Version("1.2.3", "0123456789ab", "25", "4.1.1");
    private static final Finding GOOD = Finding.ok("disk", "fast");
    private static final Finding DOUBTFUL = Finding.warn("clock", "slow", "Set it.");
    private static final Finding BAD = Finding.fail("database", "away", "Start it.");

    @Test
    void text_isATableWithARemedyForWhatIsNotWell() {
        assertThat(report(GOOD, BAD, DOUBTFUL).text()).isEqualTo("""
                Narwhal 1.2.3 doctor

                  OK    disk      fast
                  FAIL  database  away
                                  -> Start it.
                  WARN  clock     slow
                                  -> Set it.

                It does not work: 1 failure, 1 warning.
                """);
    }

    @Test
    void verdict_isTheWorstFinding() {
        assertThat(report(GOOD).text()).endsWith("All is well: 1 checks.\n");
        assertThat(report(GOOD, DOUBTFUL, DOUBTFUL).text()).endsWith("It works, with 2 warnings.\n");
        assertThat(report(DOUBTFUL, BAD).worst()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void json_hasTheSame() {
        assertThat(report(GOOD, BAD).json()).isEqualToIgnoringNewLines("""
                {"version":"1.2.3","commit":"0123456789ab","verdict":"FAIL","checks":[\
                {"check":"disk","verdict":"OK","text":"fast"},\
                {"check":"database","verdict":"FAIL","text":"away","remedy":"Start it."}]}""");
    }

    @Test
    void findingThatIsNotWell_needsARemedy() {
        assertThatThrownBy(() -> new Finding("disk", Verdict.WARN, "slow", null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"PT-5S, OK", "PT61S, WARN", "PT-13M, WARN", "PT14M1S, FAIL", "PT-20M, FAIL"})
    void clock_isJudgedByWhatStoresRefuse(Duration ahead, Verdict verdict) {
        assertThat(StoreClockCheck.finding(ahead, URI.create("http://store")).verdict())
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "uploads/{id}/{filename}, uploads/",
        "{id}, ''",
        "a/b-{id}/c, a/",
        "a/b/{yyyy}/{id}, a/b/",
        "fixed/name, ''",
    })
    void probe_isDeliveredWhereKeysBegin(String template, String prefix) {
        assertThat(DestinationCheck.fixedPart(template)).isEqualTo(prefix);
    }

    @ParameterizedTest
    @CsvSource({"0123456789ab, 0123456789ab", "${narwhal.commit}, unknown", "'', unknown"})
    void commit_isKnownOrNot(String built, String shown) {
        Properties build = new Properties();
        build.setProperty("build.commit", built);

        assertThat(Version.of(build).commit()).isEqualTo(shown);
    }

    private static Report report(Finding... findings) {
        return new Report(VERSION, List.of(findings));
    }
}
