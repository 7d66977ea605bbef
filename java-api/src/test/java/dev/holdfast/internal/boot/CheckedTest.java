// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

final class CheckedTest {
    @Test
    void keepsTheFirstLineOfWhatADecompressorSays() {
        assertThatThrownBy(() -> new Checked("xz", () -> {
                    throw new IllegalStateException("first\nsecond");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the xz data cannot be unpacked: first");
    }

    /** So Java without sun.misc.Unsafe fails, when the class that needs it is used first. */
    @Test
    void saysWhatADecompressorNeedsThatDoesNotStart() throws IOException {
        Checked stream = new Checked("zstd", () -> new InputStream() {
            @Override
            public int read() {
                throw new ExceptionInInitializerError(new UnsupportedOperationException());
            }
        });

        assertThatThrownBy(stream::read)
                .isInstanceOf(IOException.class)
                .hasMessage("the zstd data cannot be unpacked by this Java, which may need"
                        + " --sun-misc-unsafe-memory-access=allow for it");
    }
}
