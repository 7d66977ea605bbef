// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.NextKernel;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.guest.KernelLoading.Loader;
import dev.holdfast.vm.guest.Shell;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Measures jumps that carry nobody: from the last word of the old kernel's user space to the first of the next one's, in ms. */
final class JumpBench {
    /** The figures, and their subjects. */
    static final String BARE = "bare";

    static final String HANDOFF = "handoff";
    static final String AS_IT_IS = "as-it-is";
    static final String UNPACKED = "unpacked";

    /** How the kernel says how fast the counter of time stamps runs, and how many turns of its delay loop a tick has. */
    private static final Pattern PROCESSOR = Pattern.compile("tsc: Detected ([0-9.]+) MHz");

    private static final Pattern DELAY_LOOP = Pattern.compile("\\(lpj=([0-9]+)\\)");

    private static final String PACKED_INITRD = "/tmp/initrd.gz";

    private final VmHost host;
    private final KernelSpec kernel;
    private final Path results;
    private final int rounds;
    private final Measurements measured;
    private String accelerator = "";

    JumpBench(VmHost host, KernelSpec kernel, Path results, int rounds, Measurements measured) {
        this.host = host;
        this.kernel = kernel;
        this.results = results;
        this.rounds = rounds;
        this.measured = measured;
    }

    /** What the VMs ran on; empty if there was none. */
    String accelerator() {
        return accelerator;
    }

    /** Ways to load a kernel, each different from another in one thing; some pass on what the running kernel has found out. */
    private static Map<String, UnaryOperator<NextKernel>> ways(String saidByKernel) {
        Map<String, UnaryOperator<NextKernel>> ways = new LinkedHashMap<>();
        ways.put(AS_IT_IS, next -> next.withInitrd(PACKED_INITRD));
        ways.put("initrd-unpacked", next -> next);
        ways.put("no-checksum", next -> next.withInitrd(PACKED_INITRD).loadedBy(Loader.TOOL_UNCHECKED));
        ways.put(UNPACKED, next -> next.withInitrd(PACKED_INITRD).loadedBy(Loader.LIBRARY_UNPACKED));
        ways.put("unpacked-quiet", next -> ways.get(UNPACKED).apply(next).with("quiet loglevel=0"));
        ways.put("unpacked-crypto-tests", next -> ways.get(UNPACKED).apply(next).without("cryptomgr.notests"));
        ways.put(
                "unpacked-expedited",
                next -> ways.get(UNPACKED)
                        .apply(next)
                        .with("rcupdate.rcu_expedited=1 rcupdate.rcu_normal_after_boot=1"));
        ways.put("unpacked-timer-check", next -> ways.get(UNPACKED).apply(next).without("no_timer_check"));
        found(PROCESSOR, saidByKernel)
                .map(megahertz -> "tsc_early_khz=" + Math.round(Double.parseDouble(megahertz) * 1000))
                .ifPresent(word -> ways.put(
                        "unpacked-tsc", next -> ways.get(UNPACKED).apply(next).with(word)));
        found(DELAY_LOOP, saidByKernel)
                .ifPresent(loops -> ways.put(
                        "unpacked-lpj", next -> ways.get(UNPACKED).apply(next).with("lpj=" + loops)));
        return ways;
    }

    private static Optional<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).findFirst();
    }

    /** What each way to a shorter jump brings, with the harness's initrd, all in one VM. */
    void handoffs() throws IOException {
        VmBuilder builder = builder("handoff");
        try (Vm vm = builder.start()) {
            accelerator = vm.record().accelerator();
            String words = vm.boot().commandLine();
            Map<String, UnaryOperator<NextKernel>> ways = ways(vm.sh("dmesg").output());
            for (int round = 0; round < rounds; round++) {
                for (Map.Entry<String, UnaryOperator<NextKernel>> way : ways.entrySet()) {
                    Shell.Output packed = vm.sh("gzip -c /boot/" + vm.boot().release() + "/initrd > " + PACKED_INITRD);
                    if (packed.exitCode() != 0) {
                        throw new HarnessException("cannot pack the initrd: " + packed.output());
                    }
                    NextKernel next = vm.sameKernel().withCommandLine(words);
                    measured.add(
                            HANDOFF,
                            way.getKey(),
                            vm.kexec(way.getValue().apply(next)).millisToInit());
                }
            }
        }
        builder.cleanUp(false);
    }

    /** A kexec into the same kernel with an initrd that does nothing. Such a VM is good for one jump. */
    void bare() throws IOException {
        for (int round = 0; round < rounds; round++) {
            for (Loader loader : new Loader[] {Loader.LIBRARY, Loader.LIBRARY_UNPACKED}) {
                VmBuilder builder = builder("bare").idleInitrd();
                try (Vm vm = builder.start()) {
                    accelerator = vm.record().accelerator();
                    vm.load(vm.sameKernel().withInitrd("/boot/idle/initrd").loadedBy(loader));
                    measured.add(BARE, loader == Loader.LIBRARY ? AS_IT_IS : UNPACKED, vm.leap());
                }
                builder.cleanUp(false);
            }
        }
    }

    private VmBuilder builder(String what) {
        return host.vm("bench " + what + " " + kernel, results.resolve(what))
                .kernel(kernel)
                .classesOf(JumpBench.class);
    }
}
