// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.vm.Deadlines;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.image.BootImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcceleratorChoiceTest {

    private static final String QEMU_WITHOUT_KVM = """
            #!/bin/sh
            [ "$1" = --version ] && exec echo "QEMU emulator version 0"
            echo "Could not access KVM kernel module: Permission denied" >&2
            echo "failed to initialize kvm" >&2
            exit 1
            """;

    private final List<String> told = new ArrayList<>();
    private final Path directory;
    private final BootImage image;

    AcceleratorChoiceTest(@TempDir Path directory) {
        this.directory = directory;
        Path kernel = directory.resolve("vmlinuz");
        this.image = new BootImage(kernel, kernel, kernel);
    }

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(image.kernel(), "a kernel");
        Files.writeString(directory.resolve("kvm"), "");
        Path qemu = Files.writeString(directory.resolve("qemu"), QEMU_WITHOUT_KVM);
        Files.setPosixFilePermissions(qemu, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void kvm_that_does_not_work_is_tried_once_and_gives_way_to_tcg() {
        AcceleratorChoice choice = choice("kvm");
        Accelerator expected = new Accelerator(
                Accelerator.Kind.TCG,
                "QEMU does not start with KVM: Could not access KVM kernel module: Permission denied");

        assertThat(choice.choose("auto", image)).isEqualTo(expected);
        assertThat(choice.choose("", image)).isEqualTo(expected);
        assertThat(told).containsExactly("trying KVM by booting a kernel with it");
    }

    @Test
    void without_the_device_it_is_tcg() {
        assertThat(choice("nothing").choose("auto", image))
                .isEqualTo(new Accelerator(Accelerator.Kind.TCG, "there is no " + directory.resolve("nothing")));
        assertThat(told).isEmpty();
    }

    @Test
    void what_is_asked_for_is_taken_untried() {
        assertThat(choice("nothing").choose("KVM", image).kind()).isEqualTo(Accelerator.Kind.KVM);
        assertThat(choice("kvm").choose("tcg", image).kind()).isEqualTo(Accelerator.Kind.TCG);
        assertThat(told).isEmpty();
    }

    @Test
    void anything_else_is_refused() {
        assertThatThrownBy(() -> choice("kvm").choose("xen", image))
                .isInstanceOf(HarnessException.class)
                .hasMessage("HOLDFAST_ACCEL is 'xen'; it can be auto, kvm or tcg");
    }

    private AcceleratorChoice choice(String device) {
        return new AcceleratorChoice(
                directory.resolve("qemu").toString(),
                directory.resolve("cache"),
                new Deadlines(1),
                told::add,
                directory.resolve(device));
    }
}
