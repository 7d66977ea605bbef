// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** With {@code -Dholdfast.debug} a VM whose test has failed waits for gdb. */
@Tag("qemu")
class DebugIT {

    private static final Path RESULTS = Path.of("target/qemu").toAbsolutePath();
    private static final Pattern STUB = Pattern.compile("-gdb tcp:127\\.0\\.0\\.1:([0-9]+)");

    /** Not found by Maven: it fails on purpose. */
    @QemuTest
    @Machine(holdfast = false)
    static class Debugged {
        @Test
        void closes_its_vm_and_fails(VmBuilder builder) {
            try (Vm vm = builder.start()) {
                assertThat(vm.sh("echo right").output()).isEqualTo("wrong");
            }
        }
    }

    /** Not found by Maven. */
    @QemuTest
    @Machine(holdfast = false)
    static class DebuggedInVain {
        @Test
        void passes(Vm vm) {
            assertThat(vm.sh("echo right").output()).isEqualTo("right");
        }
    }

    @Test
    void the_vm_of_a_failed_test_stays_until_gdb_ends_it() throws Exception {
        Path results = RESULTS.resolve("Debugged.closes_its_vm_and_fails");
        Files.deleteIfExists(results.resolve("dmesg.txt"));
        CompletableFuture<EngineExecutionResults> run = CompletableFuture.supplyAsync(() -> run(Debugged.class));
        await(results.resolve("dmesg.txt"), run);

        try (Socket gdb = new Socket("127.0.0.1", stubOf(results))) {
            assertThat(ask(gdb, "?")).startsWith("T05");
            assertThat(run).isNotDone();
            gdb.getOutputStream().write("$k#6b".getBytes(StandardCharsets.US_ASCII));
            EngineExecutionResults ended = run.get(1, TimeUnit.MINUTES);

            ended.testEvents().assertStatistics(stats -> stats.failed(1));
        }
    }

    @Test
    void a_test_that_passes_waits_for_nobody() {
        run(DebuggedInVain.class).testEvents().assertStatistics(stats -> stats.succeeded(1));
    }

    private static EngineExecutionResults run(Class<?> test) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(test))
                .configurationParameter("holdfast.debug", "true")
                .configurationParameter("holdfast.kernels", "")
                .execute();
    }

    private static void await(Path file, CompletableFuture<?> run) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!Files.exists(file)) {
            assertThat(run).isNotDone();
            assertThat(System.nanoTime()).as("%s is there in time", file).isLessThan(end);
            Thread.sleep(100);
        }
    }

    private static int stubOf(Path results) throws IOException {
        Matcher stub = STUB.matcher(Files.readString(results.resolve("qemu.cmd")));
        assertThat(stub.find()).isTrue();
        return Integer.parseInt(stub.group(1));
    }

    /** A packet of gdb's remote protocol, and what is between {@code $} and {@code #} of the answer. */
    private static String ask(Socket gdb, String packet) throws IOException {
        gdb.setSoTimeout(60_000);
        int sum = packet.chars().sum() & 0xff;
        gdb.getOutputStream().write(String.format("+$%s#%02x", packet, sum).getBytes(StandardCharsets.US_ASCII));
        InputStream in = gdb.getInputStream();
        StringBuilder answer = new StringBuilder();
        for (int c = in.read(); c != '#'; c = in.read()) {
            assertThat(c).as("the stub answers").isNotNegative();
            answer.append((char) c);
        }
        return answer.substring(answer.indexOf("$") + 1);
    }
}
