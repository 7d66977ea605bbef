// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelImageTest {
    @TempDir
    Path directory;

    @Test
    void readsTheRelease() throws IOException {
        assertThat(KernelImage.release(file(BootFiles.kernel("6.12.94-cloud-amd64"))))
                .contains("6.12.94-cloud-amd64");
    }

    @Test
    void saysNothingAboutWhatIsNoKernel() throws IOException {
        byte[] kernel = BootFiles.kernel("6.12");
        byte[] noPointer = kernel.clone();
        noPointer[0x20f] = 0;

        assertThat(KernelImage.release(file(new byte[0]))).isEmpty();
        assertThat(KernelImage.release(file(BootFiles.kernel("6\n12")))).isEmpty();
        assertThat(KernelImage.release(file(new byte[0x8000]))).isEmpty();
        assertThat(KernelImage.release(file(noPointer))).isEmpty();
        assertThat(KernelImage.release(file(Arrays.copyOf(kernel, 0x3200)))).isEmpty();
        assertThat(KernelImage.release(file(Arrays.copyOf(kernel, 0x204)))).isEmpty();
    }

    @Test
    void knowsAnImageWithASignature() throws IOException {
        byte[] signed = BootFiles.signed(BootFiles.kernel("6.12"));
        byte[] noTable = signed.clone();
        noTable[0x40 + 172] = noTable[0x40 + 173] = 0;
        byte[] wild = signed.clone();
        wild[0x3f] = 0x7f;

        assertThat(KernelImage.signed(file(signed))).isTrue();
        assertThat(KernelImage.signed(file(BootFiles.kernel("6.12")))).isFalse();
        assertThat(KernelImage.signed(file(noTable))).isFalse();
        assertThat(KernelImage.signed(file(wild))).isFalse();
        assertThat(KernelImage.signed(file(Arrays.copyOf(signed, 0x60)))).isFalse();
        assertThat(KernelImage.signed(file(new byte[0]))).isFalse();
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(directory.resolve("vmlinuz"), content);
    }
}
