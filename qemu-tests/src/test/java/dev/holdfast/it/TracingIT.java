// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vm.Vm;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The module's tracepoints. The debug kernels have none. */
@QemuTest
class TracingIT {

    private static final String TRACING = "/sys/kernel/tracing";
    private static final Pattern LENGTH = Pattern.compile(" length=0x([0-9a-f]+)");
    private static final Guest GUEST = new Guest("vm-42", 4 << 20, 42);

    @Kernels
    void every_commit_fault_and_allocation_is_traced_once(Vm vm) {
        vm.run(Formatting.class, vm.region());
        vm.run(Mounting.class, vm.region());
        sh(vm, "mount -t tracefs none " + TRACING + " && ls -d " + TRACING + "/events/holdfast/holdfast_*");
        Map<String, Long> before = counters(vm);
        sh(vm, "echo 1 >" + TRACING + "/events/holdfast/enable");

        GUEST.fill(vm);
        sh(vm, "cd " + Mounting.POINT + "; mkdir d; echo text > d/file; mv d/file d/other; rm guest-memory/*");

        sh(vm, "echo 0 >" + TRACING + "/events/holdfast/enable");
        Map<String, Long> more = counters(vm);
        before.forEach((counter, value) -> more.merge(counter, -value, Long::sum));
        List<String> trace = sh(vm, "cat " + TRACING + "/trace").lines().toList();
        assertThat(of(trace, "holdfast_commit"))
                .hasSize(more.getOrDefault("commits", -1L).intValue());
        assertThat(of(trace, "holdfast_commit"))
                .anyMatch(line -> line.contains(" type=directory"))
                .anyMatch(line -> line.contains(" type=file"))
                .anyMatch(line -> line.contains(" type=free"))
                .allMatch(line -> line.matches(".* dev=\\d+:\\d+ record=\\d+ sequence=\\d+ type=[a-z]+"));
        assertThat(of(trace, "holdfast_commit").stream().map(line -> line.replaceAll(".* sequence=(\\d+) .*", "$1")))
                .doesNotHaveDuplicates();
        assertThat(of(trace, "holdfast_fault").stream().filter(line -> line.endsWith(" result=NOPAGE")))
                .hasSize((int) (more.getOrDefault("faults_4k", -1L)
                        + more.getOrDefault("faults_2m", -1L)
                        + more.getOrDefault("faults_1g", -1L)))
                .isNotEmpty();
        assertThat(bytes(of(trace, "holdfast_alloc"))).isEqualTo(more.getOrDefault("allocated_bytes", -1L));
        assertThat(bytes(of(trace, "holdfast_free")))
                .isEqualTo(more.getOrDefault("freed_bytes", -1L))
                .isGreaterThanOrEqualTo(GUEST.bytes());
    }

    /** Read without Java: opening a region, and listing its directories, commits too. */
    private static Map<String, Long> counters(Vm vm) {
        return sh(vm, "cd /sys/fs/holdfast/*/counters && grep . *")
                .lines()
                .map(line -> line.split(":"))
                .collect(Collectors.toMap(pair -> pair[0], pair -> Long.valueOf(pair[1])));
    }

    private static List<String> of(List<String> trace, String event) {
        return trace.stream().filter(line -> line.contains(" " + event + ": ")).toList();
    }

    private static long bytes(List<String> events) {
        return events.stream()
                .flatMap(line -> Stream.of(LENGTH.matcher(line)
                        .results()
                        .findFirst()
                        .map(MatchResult::group)
                        .orElseThrow()))
                .mapToLong(length -> Long.parseLong(length.replaceAll(".*0x", ""), 16))
                .sum();
    }

    private static String sh(Vm vm, String command) {
        var output = vm.sh(command);
        assertThat(output.exitCode()).as("%s: %s", command, output.output()).isZero();
        return output.output();
    }
}
