// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.vm.junit.QemuTest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A debug kernel finds what it is there to find, and then the test fails: its silence means something. */
@QemuTest
@Tag("debug-kernel")
@Tag("needs-debug-kernel")
class DebugKernelIT {

    @ParameterizedTest
    @CsvSource({
        "use-after-free, BUG: KASAN: slab-use-after-free in",
        "out-of-bounds, UBSAN: array-index-out-of-bounds",
        "abba, possible circular locking dependency",
        "sleep-in-atomic, BUG: sleeping function called from invalid context",
    })
    void a_defect_is_told_on_the_console_and_fails_the_test(String defect, String report, VmBuilder builder) {
        Oopsed failure = catchThrowableOfType(Oopsed.class, () -> commit(builder, defect));

        assertThat(failure).isNotNull();
        assertThat(failure.what()).contains(report);
    }

    @Test
    void lost_memory_is_found_at_the_end_and_fails_the_test(VmBuilder builder) {
        Unsound failure = catchThrowableOfType(Unsound.class, () -> commit(builder, "leak"));

        assertThat(failure).isNotNull();
        assertThat(failure.what())
                .startsWith("memory leak: unreferenced object")
                .contains("(size 64)")
                .contains("[flaws]");
    }

    @Test
    void a_lockdep_that_has_stopped_looking_fails_the_test(VmBuilder builder) {
        Unsound failure = catchThrowableOfType(Unsound.class, () -> commit(builder, "lockdep-off"));

        assertThat(failure).isNotNull();
        assertThat(failure.what()).isEqualTo("lockdep has switched itself off");
    }

    /** Some kernels also say on the console that it has stopped; whichever is noticed first is told. */
    @Test
    void a_kmemleak_that_has_stopped_looking_fails_the_test(VmBuilder builder) {
        VmFailure failure = catchThrowableOfType(VmFailure.class, () -> {
            try (Vm vm = flawed(builder)) {
                vm.sh("mount -t debugfs none /sys/kernel/debug; echo off >/sys/kernel/debug/kmemleak");
            }
        });

        assertThat(failure).isNotNull();
        assertThat(failure.what())
                .containsAnyOf("kmemleak has switched itself off: ", "kmemleak: Kernel memory leak detector disabled");
    }

    @Test
    void a_kernel_without_a_defect_is_silent(VmBuilder builder) {
        try (Vm vm = flawed(builder)) {
            assertThat(vm.boot().release()).endsWith("-debug");
        }
    }

    private static void commit(VmBuilder builder, String defect) {
        try (Vm vm = flawed(builder)) {
            commit(vm, defect);
        }
    }

    private static void commit(Vm vm, String defect) {
        assertThat(vm.sh("echo " + defect + " >/sys/module/flaws/parameters/commit")
                        .exitCode())
                .isZero();
    }

    private static Vm flawed(VmBuilder builder) {
        try {
            Path sources = Path.of(DebugKernelIT.class.getResource("flaws").toURI());
            return builder.withoutHoldfast()
                    .module("flaws", TextTree.ofFolder(sources))
                    .start();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
