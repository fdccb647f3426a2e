package dev.narwhal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptorCheckTest {

    @Test
    void limit_isEnoughForTwoDescriptorsAConnection() {
        assertThat(DescriptorCheck.compare(65_536, 20_000).verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void limit_isTooLow_isWarnedOf() {
        Finding finding = DescriptorCheck.compare(1024, 2000);

        assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
        assertThat(finding.text())
                .isEqualTo("1024 files and connections may be open; 2000 connections, each with a body, need 4500");
    }
}
