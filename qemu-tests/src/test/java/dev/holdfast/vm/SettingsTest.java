// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @Test
    void deadlines_scale() {
        assertThat(Deadlines.of(Map.of("HOLDFAST_TIMEOUT_SCALE", "2.5")).scaled(Duration.ofSeconds(4)))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(Deadlines.of(Map.of()).scale()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "0", "-1", "NaN", "1e9"})
    void a_scale_that_is_no_factor_is_refused(String scale) {
        assertThatThrownBy(() -> Deadlines.of(Map.of("HOLDFAST_TIMEOUT_SCALE", scale)))
                .isInstanceOf(HarnessException.class)
                .hasMessageStartingWith("HOLDFAST_TIMEOUT_SCALE");
    }

    @Test
    void work_files_are_kept_as_asked() {
        assertThat(Keep.of("failed").keeps(true)).isTrue();
        assertThat(Keep.of("failed").keeps(false)).isFalse();
        assertThat(Keep.of("all").keeps(false)).isTrue();
        assertThat(Keep.of("none").keeps(true)).isFalse();
        assertThatThrownBy(() -> Keep.of("some")).hasMessage("HOLDFAST_KEEP is 'some'; it can be failed, all or none");
    }

    @Test
    void caches_are_in_the_repository_or_with_the_user(@TempDir Path directory) throws IOException {
        Path repository = directory.resolve("repository");
        Files.createDirectories(repository.resolve("kmod-templates"));
        Path module = Files.createDirectories(directory.resolve("repository/qemu-tests"));
        Map<String, String> user = Map.of("XDG_CACHE_HOME", "/home/me/caches");

        assertThat(Workspace.find(user, "", module)).isEqualTo(new Workspace(repository, repository.resolve(".cache")));
        assertThat(Workspace.find(user, "", directory))
                .isEqualTo(new Workspace(directory, Path.of("/home/me/caches/holdfast")));
        assertThat(Workspace.find(user, "repository", directory).cache()).isEqualTo(repository.resolve(".cache"));
        assertThat(Workspace.find(Map.of("HOLDFAST_CACHE", "/big"), "", module).cache())
                .isEqualTo(Path.of("/big"));
    }

    @Test
    void a_next_kernel_can_be_told_more_or_less() {
        NextKernel same = new NextKernel("6.1", "console=ttyS0 memmap=1G$0x100000000 quiet");

        assertThat(same.without("memmap=").with("x=1").commandLine()).isEqualTo("console=ttyS0 quiet x=1");
    }
}
