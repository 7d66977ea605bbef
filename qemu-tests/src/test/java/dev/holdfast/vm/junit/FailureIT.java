// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.holdfast.vm.Deadlines;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** What a test leaves behind that fails. */
@Tag("qemu")
class FailureIT {

    private static final Path RESULTS = Path.of("target/qemu").toAbsolutePath();

    /** Not found by Maven: it fails on purpose. */
    @QemuTest
    @Machine(holdfast = false)
    static class Failing {

        @Test
        void an_assertion_fails(Vm vm) {
            vm.memory().write(vm.region().base() + 4096, new byte[] {1, 2, 3});
            assertThat(vm.sh("echo said by the test >/dev/kmsg; echo right").output())
                    .isEqualTo("wrong");
        }

        @Test
        void the_kernel_panics(VmBuilder builder) {
            try (Vm vm = builder.start()) {
                vm.memory().write(vm.region().base() + 8192, new byte[] {4, 5, 6});
                vm.sh("echo c >/proc/sysrq-trigger");
            }
        }

        @Test
        void a_command_hangs(Vm vm) {
            vm.run(
                    dev.holdfast.vm.guest.Shell.class,
                    new dev.holdfast.vm.guest.Shell.Args("sleep 1000", 1_000_000),
                    Duration.ofSeconds(1));
        }
    }

    @Test
    void the_failure_names_dmesg_console_and_command(@TempDir Path elsewhere) throws Exception {
        Throwable failure = fail("an_assertion_fails", "");

        Path results = RESULTS.resolve("Failing.an_assertion_fails");
        assertThat(failure.getSuppressed()).hasSize(1);
        assertThat(failure.getSuppressed()[0])
                .hasMessageStartingWith("in " + results + ": console.log, dmesg.txt, qemu.cmd, ")
                .hasMessageContaining("said by the test");
        assertThat(results.resolve("dmesg.txt")).content().contains("Linux version ", "said by the test");
        assertThat(results.resolve("region.bin")).doesNotExist();
        assertBoots(Files.copy(results.resolve("qemu.cmd"), elsewhere.resolve("copied")), elsewhere);
    }

    @Test
    void a_snapshot_is_the_region_and_takes_no_space_for_zeros() throws IOException {
        fail("an_assertion_fails", "region");

        assertSnapshot(RESULTS.resolve("Failing.an_assertion_fails/region.bin"), 4096, new byte[] {1, 2, 3});
    }

    @Test
    void a_snapshot_is_there_after_a_panic_too() throws IOException {
        Throwable failure = fail("the_kernel_panics", "region");

        assertThat(failure).hasMessageContaining("sysrq triggered crash");
        assertThat(failure.getSuppressed())
                .anySatisfy(left ->
                        assertThat(left).hasMessageContaining("region.bin").hasMessageNotContaining("dmesg.txt"));
        assertSnapshot(RESULTS.resolve("Failing.the_kernel_panics/region.bin"), 8192, new byte[] {4, 5, 6});
    }

    @Test
    void a_vm_that_does_not_answer_leaves_its_console() throws IOException {
        Throwable failure = fail("a_command_hangs", "");

        Duration scaled = Deadlines.of(System.getenv()).scaled(Duration.ofSeconds(1));
        assertThat(failure).hasMessageContaining("no answer of Shell within %d s".formatted(scaled.toSeconds()));
        assertThat(failure.getSuppressed())
                .anySatisfy(left -> assertThat(left)
                        .hasMessageContaining("console.log, qemu.cmd, ")
                        .hasMessageNotContaining("dmesg.txt"));
    }

    @Test
    void an_unknown_kind_of_snapshot_is_refused_in_one_line() {
        assertThat(fail("an_assertion_fails", "everything"))
                .hasStackTraceContaining("-Dholdfast.snapshot=everything: it can be region");
    }

    private static Throwable fail(String method, String snapshot) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(Failing.class, methodOf(method)))
                .configurationParameter("holdfast.snapshot", snapshot)
                .configurationParameter("holdfast.debug", "false")
                .configurationParameter("holdfast.kernels", "")
                .execute()
                .testEvents()
                .failed()
                .stream()
                .map(Event::getPayload)
                .map(payload -> (TestExecutionResult) payload.orElseThrow())
                .map(result -> result.getThrowable().orElseThrow())
                .collect(Collectors.collectingAndThen(Collectors.toList(), all -> {
                    assertThat(all).hasSize(1);
                    return all.get(0);
                }));
    }

    private static java.lang.reflect.Method methodOf(String name) {
        return Stream.of(Failing.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void assertSnapshot(Path file, int offset, byte[] content) throws IOException {
        byte[] start = new byte[offset + content.length];
        try (var in = Files.newInputStream(file)) {
            assertThat(in.readNBytes(start, 0, start.length)).isEqualTo(start.length);
        }
        assertThat(Arrays.copyOfRange(start, offset, start.length)).isEqualTo(content);
        assertThat(Files.size(file)).isEqualTo(1L << 30);
        assertThat((Long) Files.getAttribute(file, "unix:size")).isEqualTo(1L << 30);
        assertThat(blocks(file)).isLessThan(2048);
    }

    /** Space that a file takes, in units of 512 bytes. */
    private static long blocks(Path file) {
        return Long.parseLong(dev.holdfast.vm.Command.of("stat", "-c", "%b", file.toString())
                .run()
                .get(0));
    }

    /** The script runs the VM by itself, up to the agent; its second serial port, which leads nowhere, is led into a file. */
    private static void assertBoots(Path script, Path directory) throws Exception {
        Path channel = directory.resolve("channel");
        Files.writeString(script, Files.readString(script).replace("-serial null", "-serial file:" + channel));
        Process vm = new ProcessBuilder("/bin/sh", script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
            while (!hello(channel)) {
                assertThat(vm.isAlive()).as("QEMU runs").isTrue();
                assertThat(System.nanoTime()).as("the agent says hello in time").isLessThan(end);
                Thread.sleep(100);
            }
        } finally {
            vm.destroyForcibly().waitFor();
        }
    }

    private static boolean hello(Path channel) throws IOException {
        return Files.exists(channel) && Files.readString(channel).contains("HELLO");
    }
}
