package dev.narwhal.client.resume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateDirectoryTest {

    private static final Path HOME = Path.of("/home/ada");

    @Test
    void of_linuxWithXdgStateHome_isBelowIt() {
        assertThat(StateDirectory.of(Map.of("XDG_STATE_HOME", "/var/state"), "Linux", HOME))
                .isEqualTo(Path.of("/var/state/narwhal-client"));
    }

    @Test
    void of_linuxWithoutOrWithRelativeXdgStateHome_isTheDefault() {
        Path expected = Path.of("/home/ada/.local/state/narwhal-client");
        assertThat(StateDirectory.of(Map.of(), "Linux", HOME)).isEqualTo(expected);
        assertThat(StateDirectory.of(Map.of("XDG_STATE_HOME", "state"), "Linux", HOME))
                .isEqualTo(expected);
    }

    @Test
    void of_mac_isApplicationSupport() {
        assertThat(StateDirectory.of(Map.of(), "Mac OS X", HOME))
                .isEqualTo(Path.of("/home/ada/Library/Application Support/narwhal-client"));
    }

    @Test
    void of_windows_isLocalAppData() {
        assertThat(StateDirectory.of(Map.of("LOCALAPPDATA", "/profiles/ada/local"), "Windows 11", HOME))
                .isEqualTo(Path.of("/profiles/ada/local/narwhal-client"));
        assertThat(StateDirectory.of(Map.of(), "Windows 11", HOME))
                .isEqualTo(Path.of("/home/ada/AppData/Local/narwhal-client"));
    }
}
