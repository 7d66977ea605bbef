// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Shell;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes our file system and others ready in one VM and lets the program inside measure them in turn. A subject is named by what
 * it is and the size of its pages: {@code holdfast-2M}.
 */
final class SideBySide {

    /** Ours, once for each size of pages, without struct pages and with. A region has room for a file of 1 GiB in one page. */
    private static final long REGION_SIZE = 3 * MemoryLayout.GIB;

    private static final List<String> PAGES = List.of("4K", "2M", "1G");

    /** What is mapped as device-dax lies before the regions, with ordinary memory between: neighbours would be one. */
    private static final long DAX_SIZE = 1280L << 20;

    private static final List<String> DAX_PAGES = List.of("4K", "2M");
    private static final long DAX_STEP = 2 * MemoryLayout.GIB;

    /** Before the regions there is ordinary memory once more: a page of 1 GiB, and what the kernel takes behind it at boot. */
    private static final long REGIONS = MemoryLayout.HIGH + DAX_PAGES.size() * DAX_STEP + 2 * MemoryLayout.GIB;

    private static final Duration PATIENCE = Duration.ofMinutes(60);

    private final Vm vm;
    private final int rounds;
    private final Measurements measurements;
    private final List<String> missing = new ArrayList<>();
    private final List<String> subjects = new ArrayList<>();
    private final List<String> devices = new ArrayList<>();

    private SideBySide(Vm vm, int rounds, Measurements measurements) {
        this.vm = vm;
        this.rounds = rounds;
        this.measurements = measurements;
    }

    /** The VM that it takes. */
    static VmBuilder set(VmBuilder builder) {
        StringBuilder words = new StringBuilder("hugepagesz=1G hugepages=1 hugepagesz=2M hugepages=520");
        for (int i = 0; i < DAX_PAGES.size(); i++) {
            words.append(String.format(" memmap=%d!0x%x", DAX_SIZE, MemoryLayout.HIGH + i * DAX_STEP));
        }
        return builder.memory(2 * MemoryLayout.GIB)
                .region(new PhysicalRange(REGIONS, 2 * PAGES.size() * REGION_SIZE))
                .commandLine(words.toString())
                .kernelModule("nd_e820")
                .kernelModule("device_dax")
                .kernelModule("dax_pmem")
                .classesOf(SideBySide.class);
    }

    /** Measures some of it, adds what it finds, and returns what cannot be had. */
    static List<String> measure(Vm vm, int rounds, List<Part> parts, Measurements measurements) {
        SideBySide run = new SideBySide(vm, rounds, measurements);
        run.prepare();
        parts.forEach(part -> run.bench(part.toString(), run.subjectsOf(part)));
        return run.missing;
    }

    private void prepare() {
        for (int i = 0; i < PAGES.size(); i++) {
            ours("holdfast-", 2 * i, PAGES.get(i), "none");
            ours("holdfast-device-", 2 * i + 1, PAGES.get(i), "device");
        }
        hugetlbfs("2M", 2048);
        hugetlbfs("1G", 1 << 20);
        mount("tmpfs-4K", "-t tmpfs -o huge=never,size=1100m none");
        mount("tmpfs-2M", "-t tmpfs -o huge=always,size=1100m none");
        for (int i = 0; i < DAX_PAGES.size(); i++) {
            device(i, DAX_PAGES.get(i));
        }
    }

    private void ours(String name, int number, String page, String model) {
        PhysicalRange range = new PhysicalRange(REGIONS + number * REGION_SIZE, REGION_SIZE);
        vm.run(Formatting.class, range);
        mount(
                name + page,
                String.format("-t holdfast -o base=0x%x,pagesize=%s,pages=%s none", range.base(), page, model));
    }

    private void hugetlbfs(String page, long kibibytes) {
        String name = "hugetlbfs-" + page;
        String free = String.format("/sys/kernel/mm/hugepages/hugepages-%dkB/free_hugepages", kibibytes);
        long pages = Long.parseLong(vm.sh("cat " + free).stdout());
        if (pages * kibibytes < MemoryLayout.GIB / 1024) {
            missing.add(name + ": the kernel found only " + pages + " such pages when it booted");
        } else {
            mount(name, "-t hugetlbfs -o pagesize=" + page + " none");
        }
    }

    private void mount(String name, String words) {
        String place = "/mnt/" + name;
        Shell.Output output = vm.sh("mkdir -p " + place + " && mount " + words + " " + place);
        if (output.exitCode() == 0) {
            subjects.add(name + "=" + place);
        } else {
            missing.add(name + ": " + output.output().strip());
        }
    }

    /** What ndctl does: a namespace is given to device-dax, which writes its description into it. */
    private void device(int number, String page) {
        String name = "device-dax-" + page;
        long bytes = page.equals("4K") ? 4096 : 2 << 20;
        Shell.Output output = vm.sh(String.format(
                "cd /sys/bus/nd/devices/dax%1$d.0 && echo %2$s >uuid && echo %3$d >align && echo ram >mode"
                        + " && echo namespace%1$d.0 >namespace && echo dax%1$d.0 >/sys/bus/nd/drivers/dax_pmem/bind"
                        + " && test -c /dev/dax%1$d.0",
                number, new UUID(number, bytes), bytes));
        if (output.exitCode() == 0) {
            devices.add(name + "=/dev/dax" + number + ".0");
        } else {
            missing.add(name + ": " + output.output().strip());
        }
    }

    private List<String> subjectsOf(Part part) {
        return switch (part) {
            case TOUCH_FILLED ->
                Stream.concat(subjects.stream(), devices.stream()).toList();
            case TOUCH_FRESH -> subjects;
            case BLOCKS, NAMES, COMMITS ->
                subjects.stream()
                        .filter(word -> word.matches("(holdfast-4K|tmpfs-.*)=.*"))
                        .toList();
            case PRESERVED -> throw new IllegalArgumentException(part + " is not measured side by side");
        };
    }

    private void bench(String command, List<String> words) {
        String line = "/app/programs/bench " + command + " " + rounds + " "
                + words.stream().collect(Collectors.joining(" "));
        Shell.Output output = vm.run(Shell.class, new Shell.Args(line, PATIENCE.toMillis()), PATIENCE.plusSeconds(10));
        if (output.exitCode() != 0) {
            throw new HarnessException(line + ": " + output.output());
        }
        measurements.add(output.stdout());
    }
}
