// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels are looked up by the real apt, in a mirror that is a directory of this test's. */
class KernelPackagesTest {

    private static final KernelSpec SPEC = KernelSpec.parse("6.12 cloud-amd64 from trixie at 6.12.9-1");

    private final List<String> said = new ArrayList<>();
    private final StringBuilder index = new StringBuilder();

    @TempDir
    private Path mirror;

    @TempDir
    private Path directory;

    @BeforeEach
    void the_mirror_carries_three_versions_and_things_of_similar_names() {
        kernel("6.12.9", "6.12.9-1");
        kernel("6.12.10", "6.12.10-1");
        kernel("6.12.11", "6.12.11-2");
        kernel("6.1.99", "6.1.99-1");
        put("linux-image-6.12.12-rt-cloud-amd64", "6.12.12-1", "");
        put("linux-image-6.12.13-cloud-amd64", "6.12.13-1", ""); // its headers are not there yet
        put("linux-headers-6.12.14-cloud-amd64", "6.12.14-1", "");
    }

    @Test
    void the_pinned_version_is_taken_while_the_mirror_carries_it() throws IOException {
        KernelPackages found = pinned(SPEC);

        assertThat(found.release()).isEqualTo("6.12.9-cloud-amd64");
        assertThat(found.version()).isEqualTo("6.12.9-1");
        assertThat(found.packages())
                .extracting(DebianPackage::exactly)
                .containsExactlyInAnyOrder(
                        "linux-image-6.12.9-cloud-amd64=6.12.9-1",
                        "linux-headers-6.12.9-cloud-amd64=6.12.9-1",
                        "linux-headers-6.12.9-common=6.12.9-1",
                        "linux-kbuild-6.12.9=6.12.9-1");
        assertThat(said).noneMatch(line -> line.contains("mirror"));
    }

    @Test
    void where_it_has_left_the_mirror_the_next_newest_is_taken_and_named() throws IOException {
        assertThat(pinned(SPEC.at("6.12.9-3")).version()).isEqualTo("6.12.10-1");

        assertThat(said)
                .contains("kernel 6.12 cloud-amd64 from trixie at 6.12.9-3 is not on the mirror any more: taking "
                        + "6.12.10-1 (make update-kernels pins the newest)");
    }

    @Test
    void a_mirror_that_is_behind_the_pin_gives_its_newest() throws IOException {
        assertThat(pinned(SPEC.at("6.12.40-1")).version()).isEqualTo("6.12.11-2");
    }

    @Test
    void a_kernel_without_a_pin_is_the_newest() throws IOException {
        assertThat(pinned(SPEC.at("")).version()).isEqualTo("6.12.11-2");
        assertThat(KernelPackages.newest(apt(), SPEC).version()).isEqualTo("6.12.11-2");
        assertThat(said).noneMatch(line -> line.contains("any more"));
    }

    @Test
    void a_series_that_the_mirror_never_had_is_refused_by_its_line() {
        KernelSpec unknown = KernelSpec.parse("2.4 cloud-amd64 from trixie");

        assertThatThrownBy(() -> pinned(unknown))
                .isInstanceOf(HarnessException.class)
                .hasMessage("the mirror carries no kernel '2.4 cloud-amd64' with headers in trixie: "
                        + "correct its line in kernels.list");
    }

    @Test
    void a_mirror_in_the_middle_of_an_update_is_told_by_what_it_lacks() {
        put("linux-image-6.12.50-cloud-amd64", "6.12.50-1", "linux-modules-6.12.50 (= 6.12.50-1)");
        put("linux-headers-6.12.50-cloud-amd64", "6.12.50-1", "");
        put("linux-modules-6.12.50", "6.12.50-2", "");

        assertThatThrownBy(() -> pinned(SPEC.at("6.12.50-1")))
                .isInstanceOf(HarnessException.class)
                .hasMessage("the mirror's packages do not fit together: there is no linux-modules-6.12.50=6.12.50-1; "
                        + "try again when the mirror is up to date, or pin another version");
    }

    private KernelPackages pinned(KernelSpec spec) throws IOException {
        return KernelPackages.pinned(apt(), spec, said::add);
    }

    private void kernel(String release, String version) {
        put("linux-image-" + release + "-cloud-amd64", version, "kmod, linux-base (>= 4)");
        put(
                "linux-headers-" + release + "-cloud-amd64",
                version,
                "linux-headers-" + release + "-common (= " + version + "), linux-kbuild-" + release);
        put("linux-headers-" + release + "-common", version, "");
        put("linux-kbuild-" + release, version, "libc6 (>= 2.33)");
    }

    private void put(String name, String version, String depends) {
        index.append("Package: %s\nVersion: %s\nArchitecture: amd64\nDescription: %s\n".formatted(name, version, name))
                .append(depends.isEmpty() ? "" : "Depends: " + depends + "\n")
                .append("Filename: ./%s.deb\nSize: 1\nSHA256: %064d\n\n".formatted(name, 0));
    }

    private AptRoot apt() throws IOException {
        Files.writeString(mirror.resolve("Packages"), index);
        Files.writeString(directory.resolve("sources.list"), "deb [trusted=yes] file:" + mirror + " ./\n");
        return AptRoot.refresh(directory, said::add);
    }
}
