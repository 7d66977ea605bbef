// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.buildroot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.vm.HarnessException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaysTest {

    private static final String NO_ENGINE = "no Docker engine runs here";

    private final List<String> said = new ArrayList<>();

    @Test
    void docker_comes_first_where_an_engine_runs() {
        assertThat(chosen("auto", "", true)).isInstanceOf(Docker.class);
        assertThat(said).containsExactly("the build root is entered by docker");
    }

    @Test
    void without_an_engine_root_uses_chroot_and_others_a_namespace_and_why_is_told() {
        assertThat(chosen("auto", NO_ENGINE, true)).isEqualTo(new Namespace(false));
        assertThat(chosen("auto", NO_ENGINE, false)).isEqualTo(new Namespace(true));
        assertThat(said)
                .containsExactly(
                        "the build root is entered by chroot (no Docker engine runs here)",
                        "the build root is entered by namespace (no Docker engine runs here)");
    }

    @Test
    void what_the_user_names_is_used() {
        assertThat(chosen("namespace", "", true)).isEqualTo(new Namespace(true));
        assertThat(chosen("chroot", "", true)).isEqualTo(new Namespace(false));
        assertThat(chosen("docker", "", false)).isInstanceOf(Docker.class);
    }

    @Test
    void what_cannot_be_is_refused_with_what_can() {
        assertThatThrownBy(() -> chosen("docker", NO_ENGINE, true))
                .isInstanceOf(HarnessException.class)
                .hasMessage("HOLDFAST_BUILDROOT=docker: no Docker engine runs here; start dockerd, or use auto");
        assertThatThrownBy(() -> chosen("chroot", "", false))
                .hasMessage("HOLDFAST_BUILDROOT=chroot: only root can; use namespace");
        assertThatThrownBy(() -> chosen("podman", "", true))
                .hasMessage("HOLDFAST_BUILDROOT=podman: it can be docker, chroot, namespace or auto");
    }

    private Way chosen(String wanted, String dockerMissing, boolean root) {
        return Ways.chosen(Map.of("HOLDFAST_BUILDROOT", wanted), () -> dockerMissing, root, said::add);
    }
}
