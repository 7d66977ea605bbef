// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.vm.HarnessException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AptTest {

    @Test
    void sources_name_the_wanted_release_on_the_host_s_mirrors() {
        String sources = AptRoot.sources(
                "bookworm",
                List.of(
                        "nodistro https://elsewhere.example/node/",
                        "trixie-updates http://mirror.example/debian/",
                        "trixie http://mirror.example/debian/",
                        "trixie-security http://security.example/debian-security/"));

        assertThat(sources.replaceAll("signed-by=[^]]*", "…")).isEqualTo("""
                        deb [target=Packages …] http://mirror.example/debian/ bookworm main
                        deb [target=Packages …] http://security.example/debian-security/ bookworm-security main
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trixie-backports", "sid"})
    void backports_and_sid_have_no_security_release_of_their_own(String suite) {
        String sources = AptRoot.sources(
                suite,
                List.of(
                        "trixie http://mirror.example/debian/",
                        "trixie-security http://security.example/debian-security/"));

        assertThat(sources.replaceAll("signed-by=[^]]*", "…"))
                .isEqualTo("deb [target=Packages …] http://mirror.example/debian/ " + suite + " main\n");
    }

    @Test
    void a_host_without_a_mirror_is_told_so() {
        assertThatThrownBy(() -> AptRoot.sources("bookworm", List.of("nodistro https://elsewhere.example/node/")))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("/etc/apt/sources.list");
    }

    @Test
    void a_package_has_a_version_and_dependencies() {
        DebianPackage headers = DebianPackage.parse(List.of(
                "Package: linux-headers-6.1.0-56-cloud-amd64",
                "Version: 6.1.192-2",
                "Depends: linux-headers-6.1.0-56-common (= 6.1.192-2), linux-kbuild-6.1, a:any (>= 4) | b",
                "Description: Header files",
                "",
                "Package: another"));

        assertThat(headers.name()).isEqualTo("linux-headers-6.1.0-56-cloud-amd64");
        assertThat(headers.version()).isEqualTo("6.1.192-2");
        assertThat(headers.dependencies())
                .containsExactly(
                        new DebianPackage("linux-headers-6.1.0-56-common", "6.1.192-2", List.of()),
                        new DebianPackage("linux-kbuild-6.1", "", List.of()),
                        new DebianPackage("a", "", List.of()));
    }

    @Test
    void packages_are_told_apart() {
        assertThat(DebianPackage.parseAll(
                        List.of("Package: a", "Version: 1", "", "", "Package: a", "Version: 2", "Pre-Depends: b")))
                .containsExactly(
                        new DebianPackage("a", "1", List.of()),
                        new DebianPackage("a", "2", List.of(new DebianPackage("b", "", List.of()))));
    }

    @Test
    void a_package_may_depend_on_nothing() {
        assertThat(DebianPackage.parse(List.of("Package: a", "Version: 1")).dependencies())
                .isEmpty();
    }
}
