// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong in a VM is noticed, called by its name, and leaves its console log behind. */
@QemuTest
class TroubleIT {

    static final class Throwing implements GuestTask<String, None> {
        @Override
        public None run(String message, Progress progress) throws IOException {
            throw new IOException(message);
        }
    }

    static final class Sleeping implements GuestTask<Integer, None> {
        @Override
        public None run(Integer seconds, Progress progress) throws InterruptedException {
            Thread.sleep(seconds * 1000L);
            return None.NONE;
        }
    }

    @Test
    void a_panic_is_a_panic(VmBuilder builder) {
        try (Vm vm = builder.withoutHoldfast().start()) {
            Panicked failure = failure(Panicked.class, () -> vm.sh("echo c >/proc/sysrq-trigger"));

            assertThat(failure.what()).contains("sysrq triggered crash");
        }
    }

    @Test
    void an_oops_is_an_oops(VmBuilder builder) {
        try (Vm vm = troubled(builder)) {
            Oopsed failure = failure(Oopsed.class, () -> cause(vm, "oops"));

            assertThat(failure.what()).startsWith("oops: ").contains("NULL pointer dereference");
        }
    }

    @Test
    void a_bug_is_an_oops(VmBuilder builder) {
        try (Vm vm = troubled(builder)) {
            Oopsed failure = failure(Oopsed.class, () -> cause(vm, "bug"));

            assertThat(failure.what()).contains("kernel BUG at");
        }
    }

    @Test
    void a_warning_fails_even_if_the_test_asks_nothing_more(VmBuilder builder) {
        Vm vm = troubled(builder);

        Oopsed failure = failure(Oopsed.class, () -> {
            try (vm) {
                cause(vm, "warning");
            }
        });

        assertThat(failure.what()).startsWith("warning: ");
        assertThat(failure).hasMessageContaining("a warning on demand");
    }

    @Test
    void a_kernel_that_hangs_times_out(VmBuilder builder) {
        try (Vm vm = troubled(builder)) {
            TimedOut failure = failure(
                    TimedOut.class,
                    () -> vm.run(
                            dev.holdfast.vm.guest.Shell.class,
                            new dev.holdfast.vm.guest.Shell.Args(
                                    "echo hang >/sys/module/trouble/parameters/cause", 60_000),
                            Duration.ofSeconds(5)));

            assertThat(failure.what())
                    .isEqualTo("no answer of Shell within %d s"
                            .formatted(builder.deadlines()
                                    .scaled(Duration.ofSeconds(5))
                                    .toSeconds()));
        }
    }

    @Test
    void a_task_that_takes_too_long_times_out(VmBuilder builder) {
        try (Vm vm = builder.withoutHoldfast().start()) {
            failure(TimedOut.class, () -> vm.run(Sleeping.class, 60, Duration.ofSeconds(2)));
        }
    }

    @Test
    void a_task_that_throws_fails_with_what_it_threw(VmBuilder builder) {
        try (Vm vm = builder.withoutHoldfast().start()) {
            GuestFailed failure = failure(GuestFailed.class, () -> vm.run(Throwing.class, "no such luck"));

            assertThat(failure.type()).isEqualTo(IOException.class.getName());
            assertThat(failure.guestMessage()).isEqualTo("no such luck");
            assertThat(failure).hasMessageContaining("TroubleIT$Throwing.run");
            assertThat(vm.sh("echo still well").output()).isEqualTo("still well");
        }
    }

    @Test
    void a_vm_that_switches_itself_off_exits_early(VmBuilder builder) {
        try (Vm vm = builder.withoutHoldfast().start()) {
            failure(ExitedEarly.class, () -> vm.sh("poweroff -f; sleep 60"));
        }
    }

    @Test
    void a_module_that_cannot_be_loaded_fails_the_boot(VmBuilder builder) {
        BootFailed failure =
                failure(BootFailed.class, () -> with(builder, "refusing").start());

        assertThat(failure.what()).contains("insmod /modules/refusing.ko").contains("No such device");
    }

    @Test
    void a_kernel_that_never_reaches_init_is_tried_once_more_and_counted(VmBuilder builder) {
        VmFailure failure = failure(
                Panicked.class,
                () -> builder.withoutHoldfast()
                        .commandLine("rdinit=/nothing root=/dev/none")
                        .start());

        assertThat(failure.what()).contains("Unable to mount root fs");
        assertThat(builder.record().bootRetries()).isEqualTo(1);
    }

    private static Vm troubled(VmBuilder builder) {
        return with(builder, "trouble").start();
    }

    private static VmBuilder with(VmBuilder builder, String module) {
        try {
            Path sources = Path.of(TroubleIT.class.getResource(module).toURI());
            return builder.withoutHoldfast().module(module, TextTree.ofFolder(sources));
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void cause(Vm vm, String trouble) {
        vm.sh("echo " + trouble + " >/sys/module/trouble/parameters/cause");
    }

    private static <T extends VmFailure> T failure(Class<T> type, ThrowingCallable code) {
        T failure = catchThrowableOfType(type, code);
        assertThat(failure).isNotNull();
        assertThat(failure.consoleLog()).isNotEmptyFile();
        return failure;
    }
}
