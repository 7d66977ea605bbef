// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DebuggingTest {

    @Test
    void gdb_is_told_where_the_kernel_listens_and_where_the_module_is() {
        Debugging debugging =
                new Debugging(1234, "0.0-none", Map.of(Path.of("/cache/holdfast.ko"), "0xffffffffc0000000"));

        assertThat(debugging.instructions(77))
                .containsExactly(
                        "    gdb -ex 'target remote 127.0.0.1:1234'"
                                + " -ex 'add-symbol-file /cache/holdfast.ko 0xffffffffc0000000'",
                        "    the kernel's own symbols are in the package linux-image-0.0-none-dbg:"
                                + " put its vmlinux behind the word gdb",
                        "    to end it and let the tests go on: 'kill' in gdb, or: kill 77");
    }

    @Test
    void a_module_of_unknown_address_is_left_out() {
        assertThat(new Debugging(1234, "", Map.of(Path.of("/cache/holdfast.ko"), "")).instructions(77))
                .containsExactly(
                        "    gdb -ex 'target remote 127.0.0.1:1234'",
                        "    to end it and let the tests go on: 'kill' in gdb, or: kill 77");
    }

    @Test
    void a_kernel_that_somebody_may_look_at_waits_after_a_panic() {
        assertThat(OnFailure.NOTHING.kernelWords()).isEmpty();
        assertThat(new OnFailure(true, false).kernelWords()).isEqualTo(" panic=0");
        assertThat(new OnFailure(false, true).kernelWords()).isEqualTo(" panic=0");
    }
}
