// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.vm.HarnessException;
import org.junit.jupiter.api.Test;

class KernelListTest {

    @Test
    void the_resource_can_be_read() {
        assertThat(KernelList.load().standard()).isEqualTo(new KernelSpec("6.1", "cloud-amd64", "bookworm"));
    }

    @Test
    void a_kernel_is_found_by_how_its_line_starts() {
        KernelList list = KernelList.parse("# two\n6.1 cloud-amd64 from bookworm\n\n6.12 cloud-amd64 from trixie\n");

        assertThat(list.find("6.12").suite()).isEqualTo("trixie");
        assertThatThrownBy(() -> list.find("7.3")).hasMessageStartingWith("no kernel '7.3'; there are: [6.1 cloud");
    }

    @Test
    void a_kernel_has_a_short_name() {
        KernelList list = KernelList.parse("""
                6.12 cloud-amd64 from trixie
                6.12 rt-amd64 from trixie
                6.1 cloud-amd64 from bookworm
                6.1 amd64 from bookworm
                """);

        assertThat(list.series())
                .extracting(KernelSpec::toString)
                .containsExactly("6.12 cloud-amd64 from trixie", "6.1 cloud-amd64 from bookworm");
        assertThat(list.specs()).extracting(list::nameOf).containsExactly("6.12", "6.12-rt-amd64", "6.1", "6.1-amd64");
        assertThat(list.specs())
                .allSatisfy(spec -> assertThat(list.find(list.nameOf(spec))).isEqualTo(spec));
        assertThat(list.find("6.1 amd64")).isEqualTo(list.find("6.1-amd64"));
        assertThatThrownBy(() -> list.find("6.1 am")).isInstanceOf(HarnessException.class);
    }

    @Test
    void a_line_that_is_no_kernel_is_refused() {
        assertThatThrownBy(() -> KernelSpec.parse("6.1 bookworm"))
                .hasMessageContaining("6.1 cloud-amd64 from bookworm");
    }
}
