// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside what the C compiler makes of {@code linux/kvm.h}. */
class IoctlTest {
    @TempDir
    private Path directory;

    @Test
    void every_call_has_the_number_that_the_header_gives_it() throws Exception {
        String lines = Arrays.stream(Ioctl.values())
                .map(ioctl -> "printf(\"%s %%lu\\n\", (unsigned long)%s);".formatted(ioctl, ioctl))
                .collect(Collectors.joining("\n"));

        assertThat(compiled(lines))
                .containsExactlyElementsOf(Arrays.stream(Ioctl.values())
                        .map(ioctl -> ioctl + " " + ioctl.request())
                        .toList());
    }

    @Test
    void fields_are_where_the_header_has_them() throws Exception {
        String lines = """
                printf("%zu\\n", offsetof(struct kvm_run, exit_reason));
                printf("%zu\\n", offsetof(struct kvm_run, io.direction));
                printf("%zu\\n", offsetof(struct kvm_run, io.size));
                printf("%zu\\n", offsetof(struct kvm_run, io.port));
                printf("%zu\\n", offsetof(struct kvm_run, io.count));
                printf("%zu\\n", offsetof(struct kvm_run, io.data_offset));
                printf("%zu\\n", offsetof(struct kvm_run, mmio.phys_addr));
                printf("%zu\\n", offsetof(struct kvm_run, mmio.data));
                printf("%zu\\n", offsetof(struct kvm_run, mmio.len));
                printf("%zu\\n", offsetof(struct kvm_run, mmio.is_write));
                printf("%zu\\n", offsetof(struct kvm_sregs, gdt));
                printf("%zu\\n", offsetof(struct kvm_sregs, cr0));
                printf("%zu\\n", offsetof(struct kvm_sregs, cr3));
                printf("%zu\\n", offsetof(struct kvm_sregs, cr4));
                printf("%zu\\n", offsetof(struct kvm_sregs, efer));
                printf("%zu\\n", offsetof(struct kvm_regs, rsp));
                printf("%zu\\n", offsetof(struct kvm_regs, rsi));
                printf("%zu\\n", offsetof(struct kvm_regs, rdi));
                printf("%zu\\n", offsetof(struct kvm_regs, rip));
                printf("%zu\\n", offsetof(struct kvm_regs, rflags));
                printf("%zu\\n", offsetof(struct kvm_msrs, entries));
                printf("%zu\\n", sizeof(struct kvm_msr_entry));
                printf("%zu\\n", offsetof(struct kvm_cpuid2, entries));
                printf("%zu\\n", sizeof(struct kvm_cpuid_entry2));
                printf("%zu\\n", offsetof(struct kvm_cpuid_entry2, ebx));
                printf("%zu\\n", offsetof(struct kvm_cpuid_entry2, ecx));
                printf("%zu\\n", offsetof(struct kvm_cpuid_entry2, edx));
                """;

        assertThat(compiled(lines))
                .containsExactly(
                        "8", "32", "33", "34", "36", "40", "32", "40", "48", "52", "192", "224", "240", "248", "264",
                        "48", "32", "40", "128", "136", "8", "16", "8", "40", "16", "20", "24");
    }

    private List<String> compiled(String lines) throws IOException, InterruptedException {
        Files.writeString(
                directory.resolve("test.c"),
                "#include <stddef.h>\n#include <stdio.h>\n#include <linux/kvm.h>\nint main(void)\n{\n" + lines
                        + "\nreturn 0;\n}\n");
        assertThat(run("gcc", "-o", "test", "test.c")).isEmpty();
        return run("./test").lines().toList();
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
