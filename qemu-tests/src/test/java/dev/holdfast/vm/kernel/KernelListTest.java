// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.vm.HarnessException;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelListTest {

    private static final KernelList LIST = KernelList.parse("""
            # four
            6.12 cloud-amd64 from trixie at 6.12.9-1~bpo1+1
            6.12 rt-amd64 from trixie

            6.1 cloud-amd64 from bookworm at 6.1.2-1
            6.1 amd64 from bookworm
            """);

    @Test
    void the_resource_has_three_series_in_two_flavours_and_rt_each_pinned() {
        KernelList list = KernelList.load();

        assertThat(list.standard()).isEqualTo(list.find("6.1"));
        assertThat(list.series()).extracting(KernelSpec::version).contains("6.1", "6.12", "7.3");
        for (String version : List.of("6.1", "6.12", "7.3")) {
            for (String flavour : List.of("cloud-amd64", "amd64", "rt-amd64")) {
                assertThat(list.find(version + " " + flavour).pin()).startsWith(version + ".");
            }
        }
    }

    @Test
    void a_line_is_read_and_written() {
        String line = "6.12 cloud-amd64 from trixie at 6.12.9-1~bpo1+1";

        assertThat(KernelSpec.parse(line))
                .isEqualTo(new KernelSpec("6.12", "cloud-amd64", "trixie", "6.12.9-1~bpo1+1"))
                .hasToString(line);
    }

    @Test
    void debug_kernels_have_names_of_their_own() {
        assertThat(KernelList.debug().specs()).isNotEmpty().allMatch(KernelSpec::debug);
        assertThat(KernelList.load().specs()).noneMatch(KernelSpec::debug);
        assertThat(KernelList.known().find("7.3 debug").debug()).isTrue();
    }

    @Test
    void a_line_that_is_no_kernel_is_refused() {
        assertThatThrownBy(() -> KernelSpec.parse("6.1 bookworm"))
                .isInstanceOf(HarnessException.class)
                .hasMessage("not a kernel: '6.1 bookworm'; write it as '6.1 cloud-amd64 from bookworm at 6.1.192-2'");
    }

    @Test
    void a_kernel_is_found_by_whole_words_from_the_start_of_its_line() {
        assertThat(LIST.find("6.12").flavour()).isEqualTo("cloud-amd64");
        assertThat(LIST.find("6.1 amd64")).isEqualTo(LIST.find("6.1-amd64"));
        assertThatThrownBy(() -> LIST.find("6.1 am")).isInstanceOf(HarnessException.class);
        assertThatThrownBy(() -> LIST.find("7.3")).hasMessageStartingWith("no kernel '7.3'; there are: [6.12 cloud");
    }

    @Test
    void a_kernel_has_a_short_name() {
        assertThat(LIST.specs()).extracting(LIST::nameOf).containsExactly("6.12", "6.12-rt-amd64", "6.1", "6.1-amd64");
        assertThat(LIST.specs())
                .allSatisfy(spec -> assertThat(LIST.find(LIST.nameOf(spec))).isEqualTo(spec));
        assertThat(LIST.series()).extracting(LIST::nameOf).containsExactly("6.12", "6.1");
    }

    @Test
    void rewriting_changes_the_versions_and_nothing_else() {
        String text = "# a comment\n\n6.12 cloud-amd64 from trixie at 6.12.9-1\n6.1 amd64 from bookworm\n";

        assertThat(KernelList.rewrite(text, spec -> spec.at(spec.version() + ".77-1")))
                .isEqualTo("# a comment\n\n6.12 cloud-amd64 from trixie at 6.12.77-1\n"
                        + "6.1 amd64 from bookworm at 6.1.77-1\n");
    }
}
