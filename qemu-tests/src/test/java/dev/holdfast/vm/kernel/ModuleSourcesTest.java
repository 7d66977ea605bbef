// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleSourcesTest {

    @Test
    void a_header_tree_finds_its_other_half_beside_it() {
        assertThat(HeaderTree.relocate("# x\ninclude /usr/src/linux-headers-6.1.0-56-common/Makefile\n"))
                .isEqualTo("# x\ninclude ../linux-headers-6.1.0-56-common/Makefile\n");
    }

    @Test
    void a_header_tree_of_7_3_builds_where_it_is() {
        assertThat(
                        HeaderTree.relocate(
                                "KBUILD_OUTPUT=/usr/src/linux-headers-7.3.4-amd64\ninclude /usr/src/linux-headers-7.3.4-common/Makefile\n"))
                .isEqualTo("KBUILD_OUTPUT=$(CURDIR)\ninclude ../linux-headers-7.3.4-common/Makefile\n");
    }

    @Test
    void a_failed_build_shows_what_the_compiler_said_and_no_more() {
        String failure = CompilerOutput.failure(
                "6.1.0-56-cloud-amd64",
                "/cache/.half-1",
                List.of(
                        "make: Entering directory '/usr/src/linux-headers-6.1.0-56-cloud-amd64'",
                        "warning: the compiler differs from the one used to build the kernel",
                        "  The kernel was built by: gcc-12 (Debian 12.2.0-14)",
                        "  CC [M]  /cache/.half-1/super.o",
                        "/cache/.half-1/super.c: In function ‘fill’:",
                        "/cache/.half-1/super.c:7:2: error: ‘x’ undeclared",
                        "make[1]: *** [scripts/Makefile.build:250: /cache/.half-1/super.o] Error 1"));

        assertThat(failure).isEqualTo("""
                        the module does not compile for 6.1.0-56-cloud-amd64:
                            super.c: In function ‘fill’:
                            super.c:7:2: error: ‘x’ undeclared""");
    }

    @Test
    void warnings_are_found() {
        assertThat(CompilerOutput.warnings("/d", List.of("/d/a.c:1:2: warning: unused", "  CC [M]  /d/a.o")))
                .containsExactly("a.c:1:2: warning: unused");
    }
}
