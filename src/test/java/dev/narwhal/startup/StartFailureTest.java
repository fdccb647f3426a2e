package dev.narwhal.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;
import org.yaml.snakeyaml.Yaml;

class StartFailureTest {

    private final MockEnvironment environment = new MockEnvironment();

    enum Colour {
        DARK_RED,
        BLUE
    }

    record Sample(
            @Nullable DataSize size,
            @Nullable Duration duration,
            @Nullable Integer number,
            @Nullable Boolean flag,
            @Nullable Colour colour,
            @Nullable URI url,
            @Nullable InetAddress address,
            @Nullable String text) {

        Sample {
            if ("wrong".equals(text)) {
                throw new IllegalArgumentException("narwhal.sample.text is 'wrong'; allowed is anything else.");
            }
            if ("bare".equals(text)) {
                throw new IllegalArgumentException("a text must not be bare");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    size     | abc  | a size, for instance 512MB or 5GB
                    duration | soon | a duration, for instance 30s, 5m or 24h
                    number   | 1.5  | a whole number
                    flag     | perhaps | true or false
                    colour   | green | dark-red or blue
                    url      | :// | a URL, for instance https://files.example.org
                    """)
    void valueOfAnotherType_isToldWhatIsAllowed(String name, String value, String allowed) {
        assertThat(explain(bindingOf(name, value)))
                .contains("narwhal.sample." + name + " is '" + value + "': it must be " + allowed);
    }

    @Test
    void recordsOwnSentence_isShownAsItIs() {
        assertThat(explain(bindingOf("text", "wrong")))
                .contains("narwhal.sample.text is 'wrong'; allowed is anything else.");
    }

    @Test
    void recordsSentenceWithoutName_getsThePrefix() {
        assertThat(explain(bindingOf("text", "bare"))).contains("narwhal.sample: a text must not be bare");
    }

    @Test
    void featuresSentence_thatNamesASetting_isShownAsItIs() {
        String sentence = "The data directory /d is in use by another process: give this one another narwhal.data-dir";

        assertThat(explain(new RuntimeException(new IllegalStateException(sentence))))
                .contains(sentence);
    }

    @Test
    void classNameInAMessage_isNoSetting() {
        assertThat(explain(new IllegalStateException("no bean of type dev.narwhal.upload.UploadRepository")))
                .isEmpty();
    }

    @Test
    void sentence_isOneLine() {
        assertThat(explain(new IllegalStateException("narwhal.a is 'b':\n  it must be c")))
                .contains("narwhal.a is 'b': it must be c");
    }

    @Test
    void portInUse_namesThePortAndTheSetting() {
        assertThat(explain(new RuntimeException(new PortInUseException(8080))))
                .hasValueSatisfying(text -> assertThat(text).contains("port 8080 is in use", "server.port=8081"));
    }

    @Test
    void portOutOfRange_isToldTheRange() {
        environment.setProperty("server.port", "99999");
        Exception thrown = catchException(() -> new InetSocketAddress(99_999));

        assertThat(explain(new IllegalArgumentException("connector.startFailed", thrown)))
                .contains("server.port is '99999': it must be 0 to 65535, for instance 8080");
    }

    @Test
    void addressOfAnotherMachine_namesTheSetting() {
        environment.setProperty("server.address", "192.0.2.1");

        assertThat(explain(new RuntimeException(new BindException("Cannot assign requested address"))))
                .hasValueSatisfying(text -> assertThat(text).startsWith("server.address is '192.0.2.1'"));
    }

    @Test
    void databaseAway_namesUrlAndUserButNoPassword() {
        environment.setProperty("spring.datasource.url", "jdbc:postgresql://db:5432/n?user=u&password=hunter2");
        environment.setProperty("spring.datasource.username", "narwhal");

        assertThat(explain(new RuntimeException(new SQLException("Connection refused", "08001"))))
                .hasValueSatisfying(text -> assertThat(text)
                        .contains("'jdbc:postgresql://db:5432/n'", "'narwhal'", "Connection refused")
                        .doesNotContain("hunter2"));
    }

    @Test
    void databaseOfAnotherMaker_isToldWhichAreKnown() {
        environment.setProperty("spring.datasource.url", "jdbc:mysql://x/y");

        assertThat(explain(new BeanCreationException("dataSource", "Failed to load driver class")))
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("spring.datasource.url is 'jdbc:mysql://x/y': it must be one of PostgreSQL,"));
    }

    @Test
    void embeddedDatabaseDamaged_namesTheDataDirectory() {
        environment.setProperty("narwhal.data-dir", "/srv/n");
        SQLException thrown = new SQLException("IO Exception", "90028", 90028);

        assertThat(explain(new CannotGetJdbcConnectionException("no connection", thrown)))
                .contains("the embedded database in narwhal.data-dir '/srv/n' cannot be used (IO Exception)");
    }

    @Test
    void settingsFileThatIsNoYaml_isToldTheLine() {
        Exception thrown = catchException(() -> new Yaml().load("a:\n b: 1\n  c: 2\n"));

        assertThat(explain(new IllegalStateException(thrown)))
                .contains("a settings file (application.yaml) is not YAML in line 3, column 4: mapping values are not"
                        + " allowed here");
    }

    @Test
    void wrongSql_isNotMistakenForADatabaseThatIsAway() {
        assertThat(explain(new RuntimeException(new SQLException("syntax", "42601"))))
                .isEmpty();
    }

    @Test
    void unforeseen_isLeftToSpringBootWithItsStackTrace() {
        assertThat(printed(new IllegalStateException("a bean is missing"))).isEmpty();
    }

    @Test
    void foreseen_isPrintedOnOneLine() {
        assertThat(printed(new WrongSettingException("narwhal.x is '1': it must be 2")))
                .contains("Narwhal cannot start: narwhal.x is '1': it must be 2" + System.lineSeparator());
    }

    @Test
    void causesInACircle_end() {
        Exception one = new Exception();
        one.initCause(new Exception(one));

        assertThat(explain(one)).isEmpty();
    }

    /** Empty when the reporter left the failure to others. */
    private static Optional<String> printed(Throwable failure) {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        boolean reported =
                new StartFailureReporter(null).report(failure, new PrintStream(console, true, StandardCharsets.UTF_8));
        assertThat(console.size() > 0).isEqualTo(reported);
        return reported ? Optional.of(console.toString(StandardCharsets.UTF_8)) : Optional.empty();
    }

    private Optional<String> explain(Throwable failure) {
        return StartFailure.explain(failure, environment);
    }

    private static Exception bindingOf(String name, String value) {
        Binder binder = new Binder(new MapConfigurationPropertySource(Map.of("narwhal.sample." + name, value)));
        return catchException(() -> binder.bind("narwhal.sample", Sample.class));
    }
}
