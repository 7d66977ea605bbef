// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    void a_line_that_is_no_kernel_is_refused() {
        assertThatThrownBy(() -> KernelSpec.parse("6.1 bookworm"))
                .hasMessageContaining("6.1 cloud-amd64 from bookworm");
    }
}
