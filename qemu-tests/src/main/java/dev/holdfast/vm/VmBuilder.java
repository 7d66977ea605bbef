// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import dev.holdfast.PhysicalRange;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.vm.image.AppImage;
import dev.holdfast.vm.image.BaseImage;
import dev.holdfast.vm.image.BootImage;
import dev.holdfast.vm.kernel.Kernel;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.qemu.Accelerator;
import dev.holdfast.vm.qemu.MemoryLayout;
import dev.holdfast.vm.qemu.PhysicalMemory;
import dev.holdfast.vm.qemu.QemuCommand;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.jspecify.annotations.Nullable;

/**
 * A VM that has not been started: 2 GiB of memory for the kernel, one processor, a region of 1 GiB at 4 GiB that the kernel is
 * told to leave alone, the standard kernel with the holdfast module loaded. Each method changes one of these.
 */
public final class VmBuilder {

    /** Words for every kernel: where the console is, and that trouble ends the VM. Warnings are shown, chatter is not. */
    private static final String COMMAND_LINE =
            "console=ttyS0 loglevel=5 panic=-1 oops=panic softlockup_panic=1 hung_task_panic=1"
                    + " nokaslr cryptomgr.notests random.trust_cpu=on";

    /**
     * KASAN asks the processor's features where memory is, and takes an address of five levels of page tables for a wild one when
     * an interrupt comes while the kernel reads these features anew. Since 7.0 each slab cache has arrays of free objects for each
     * processor (sheaves) in which the address of an object lingers after it was handed out, so that kmemleak finds it and nothing
     * is ever lost; a cache that is checked (F) has none.
     */
    private static final String DEBUG_WORDS = " no5lvl slab_debug=F,kmalloc-*,holdfast*";

    private static final String SCRIPT = "qemu.cmd";

    /** What a release needs to start by itself. */
    private static final List<String> SYSTEMD = List.of("systemd-sysv", "udev", "dbus", "libpam-systemd", "kmod");

    /** Systemd asks nobody anything, and leaves the serial ports to the harness. */
    private static final String SYSTEMD_WORDS = " systemd.firstboot=no systemd.getty_auto=no";

    /** Traces of a VM, by their names in its directory. */
    private static final List<String> LEFT_BEHIND =
            List.of("console.log", Autopsy.DMESG, Autopsy.REGION, SCRIPT, "qemu.err", "result.json");

    private final VmHost host;
    private final String name;
    private final Path results;
    private final Set<Class<?>> tests = new LinkedHashSet<>();
    private final List<Function<Kernel, Path>> modules = new ArrayList<>();
    private final List<Path> programs = new ArrayList<>();
    private final List<String> devices = new ArrayList<>();
    private final List<KernelSpec> others = new ArrayList<>();
    private final List<String> packages = new ArrayList<>();
    private final List<String> javaModules = new ArrayList<>();
    private final List<String> suites = new ArrayList<>();
    private final List<String> installed = new ArrayList<>();
    private KernelSpec kernel;
    private PhysicalRange region = new PhysicalRange(MemoryLayout.HIGH, MemoryLayout.GIB);
    private long memory = 2 * MemoryLayout.GIB;
    private int processors = 1;
    private OptionalLong secondNode = OptionalLong.empty();
    private final List<PhysicalRange> moreReserved = new ArrayList<>();
    private boolean reserved = true;
    private boolean kvmInside;
    private @Nullable KernelSpec linuxGuest;
    private boolean idleInitrd;
    private long scratch;
    private @Nullable Path layer;
    private boolean holdfast = true;
    private boolean instructionClock;
    private String extraWords = "";
    private OnFailure onFailure = OnFailure.NOTHING;
    private final List<Vm> started = new ArrayList<>();
    private List<Path> loaded = List.of();
    private @Nullable Debugging debugging;
    private @Nullable QemuCommand command;
    private VmRecord record;

    VmBuilder(VmHost host, String name, Path results) {
        this.host = host;
        this.name = name;
        this.results = results;
        this.kernel = KernelList.load().standard();
        this.record = new VmRecord(name, "", "", 0, List.of());
    }

    /** Another kernel. */
    public VmBuilder kernel(KernelSpec spec) {
        this.kernel = spec;
        return this;
    }

    /** Takes other kernels along to jump into, each with the same modules, built for it; see {@link Vm#otherKernel}. */
    public VmBuilder carrying(Collection<KernelSpec> kernels) {
        this.others.addAll(kernels);
        return this;
    }

    /** Another region; it starts at 4 GiB or above. The VM gets memory for it and all before it; only what is touched costs. */
    public VmBuilder region(PhysicalRange range) {
        if (range.base() < MemoryLayout.HIGH) {
            throw new IllegalArgumentException("the region of a VM starts at 4 GiB or above: " + range);
        }
        this.region = range;
        return this;
    }

    /** Keeps the kernel away from more ranges, above the region; the VM gets memory for them and all before them. */
    public VmBuilder reserving(PhysicalRange... ranges) {
        this.moreReserved.addAll(List.of(ranges));
        return this;
    }

    /** Puts the memory from an address on, above 4 GiB, on a second NUMA node. */
    public VmBuilder secondNodeFrom(long address) {
        this.secondNode = OptionalLong.of(address);
        return this;
    }

    /** The region's memory is there, but the kernel is not told to leave it alone: no {@code memmap=}. */
    public VmBuilder regionNotReserved() {
        this.reserved = false;
        return this;
    }

    /** Memory below 4 GiB, in bytes: 512 MiB to 3 GiB. */
    public VmBuilder memory(long bytes) {
        this.memory = bytes;
        return this;
    }

    /** Number of processors. */
    public VmBuilder processors(int number) {
        this.processors = number;
        return this;
    }

    /** More words for the kernel's command line. */
    public VmBuilder commandLine(String words) {
        this.extraWords += " " + words;
        return this;
    }

    /** Reserves memory for a crash kernel, as much as such a kernel takes. */
    public VmBuilder crashKernel() {
        return commandLine("crashkernel=" + (kernel.debug() ? "768M" : "320M"));
    }

    /** Lets a nanosecond pass for each instruction, so that times are the same in every run. Needs TCG. */
    public VmBuilder instructionClock() {
        this.instructionClock = true;
        return this;
    }

    /** Does not load the holdfast module. */
    public VmBuilder withoutHoldfast() {
        this.holdfast = false;
        return this;
    }

    /** Loads one more module, after holdfast. It was built for the VM's kernel. */
    public VmBuilder module(Path file) {
        this.modules.add(anyKernel -> file);
        return this;
    }

    /** Loads one of the kernel's own modules, with what it needs, after holdfast. */
    public VmBuilder kernelModule(String moduleName) {
        this.modules.add(forKernel -> forKernel.module(moduleName));
        return this;
    }

    /**
     * Lets there be KVM inside the VM. The processor is emulated then, whatever the host has: so it is the same one everywhere, and
     * not a matter of how KVM is set up there.
     */
    public VmBuilder kvmInside() {
        this.kvmInside = true;
        return kernelModule("kvm_amd");
    }

    /** Takes a Linux guest along, for a hypervisor inside the VM: its files are in {@code /boot/guest}. */
    public VmBuilder linuxGuest(KernelSpec spec) {
        this.linuxGuest = spec;
        return this;
    }

    /** Takes an initrd along that does nothing: {@code /boot/idle/initrd}, for {@link Vm#leap}. */
    public VmBuilder idleInitrd() {
        this.idleInitrd = true;
        return this;
    }

    /** Adds an empty disk, in bytes, behind the drives: {@code /dev/vdd} if there are no roots of the distribution. */
    public VmBuilder scratchDisk(long bytes) {
        this.scratch = bytes;
        return this;
    }

    /** Builds one more module for the VM's kernel, of one source file, and loads it after holdfast. */
    public VmBuilder module(String moduleName, String source) {
        return module(
                moduleName,
                new TextTree(
                        new TreeMap<>(Map.of(moduleName + ".c", source, "Kbuild", "obj-m := " + moduleName + ".o\n"))));
    }

    /** Builds one more module for the VM's kernel, of files among which there is a Kbuild, and loads it after holdfast. */
    public VmBuilder module(String moduleName, TextTree sources) {
        this.modules.add(forKernel -> host.moduleBuild().build(forKernel, moduleName, sources));
        return this;
    }

    /** Compiles a C program and takes it along as {@code /app/programs/NAME}. Among its sources may be headers. */
    public VmBuilder program(String programName, TextTree sources) {
        this.programs.add(host.program(programName, sources));
        return this;
    }

    /**
     * Takes jars along as they are, each of which holds one of these classes: in {@code /app/programs}, for a Java virtual machine that
     * is started beside the agent's.
     */
    public VmBuilder jars(Class<?>... classes) {
        for (Class<?> one : classes) {
            this.programs.add(AppImage.jarOf(one));
        }
        return this;
    }

    /** Takes a module of Java along that VMs do without. */
    public VmBuilder javaModule(String moduleName) {
        this.javaModules.add(moduleName);
        return this;
    }

    /** Takes the programs of Debian packages along, in place of busybox's: {@code "rsync", "sqlite3"}. No scripts, no data. */
    public VmBuilder packages(String... names) {
        this.packages.addAll(List.of(names));
        return this;
    }

    /** Takes roots of the distribution along, with these packages installed: {@code /debian/SUITE}, read-only. */
    public VmBuilder debianRoots(List<String> suites, List<String> installed) {
        this.suites.addAll(suites);
        this.installed.addAll(installed);
        return this;
    }

    /**
     * Starts systemd of a release of the distribution as process 1, with these packages installed beside it and the files of a
     * directory laid over its root. Systemd loads the holdfast module when it mounts a region. The agent is a service in a root of its
     * own, {@code /harness}; it finds that of systemd at {@code /proc/1/root}. What is written there is forgotten with each kernel.
     */
    public VmBuilder systemd(String suite, List<String> more, Path files) {
        this.layer = files;
        debianRoots(List.of(suite), withSystemd(more));
        kernelModule("overlay");
        return commandLine("holdfast.systemd=" + suite + SYSTEMD_WORDS);
    }

    /** The packages of a root that systemd is started in. */
    public static List<String> withSystemd(List<String> more) {
        return Stream.concat(SYSTEMD.stream(), more.stream()).toList();
    }

    /** Adds a device, as QEMU's {@code -device} takes it: {@code edu}, or {@code virtio-rng-pci,max-bytes=64}. */
    public VmBuilder device(String words) {
        this.devices.add(words);
        return this;
    }

    /** Takes the classes along that stand beside this one: those of its jar or directory. */
    public VmBuilder classesOf(Class<?> test) {
        this.tests.add(test);
        return this;
    }

    /** What more is to happen to a VM whose test has failed. */
    public VmBuilder onFailure(OnFailure wanted) {
        this.onFailure = wanted;
        return this;
    }

    /** Starts it; returns when the agent is ready. A boot that never reaches init is tried once more, and counted. */
    public Vm start() {
        try {
            prepareResults();
            String nonce = HexFormat.of().formatHex(SecureRandom.getSeed(4));
            debugging = onFailure.debug() ? Debugging.atFreePort() : null;
            QemuCommand next = command(nonce);
            command = next;
            Files.writeString(results.resolve(SCRIPT), next.script());
            record = new VmRecord(name, "", next.accelerator().toString(), 0, List.of());
            host.report().say(name + ": " + next.accelerator());
            try {
                return start(next, nonce);
            } catch (NeverReachedInit e) {
                record = record.retried();
                host.report()
                        .say(name + ": boot never reached init, trying once more: "
                                + e.failure().what());
                return startAgain(next, nonce);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Vm startAgain(QemuCommand next, String nonce) throws IOException {
        try {
            return start(next, nonce);
        } catch (NeverReachedInit e) {
            throw e.failure();
        }
    }

    private Vm start(QemuCommand next, String nonce) throws IOException, NeverReachedInit {
        Session session = Session.start(next, nonce, results.resolve("console.log"), results.resolve("qemu.err"));
        BootProgress progress = new BootProgress(session, deadlines());
        try {
            Boot boot = progress.await(session.start());
            PhysicalMemory physical = new PhysicalMemory(session.qemu(), next.memory(), work());
            Vm vm = new Vm(this, session, physical, record);
            vm.booted(boot);
            started.add(vm);
            return vm;
        } catch (VmFailure e) {
            if (onFailure.debug() && session.isRunning()) {
                Autopsy.hold(this, session, "", Map.of());
            }
            session.close();
            if (progress.reachedInit()) {
                throw e;
            }
            throw new NeverReachedInit(e);
        }
    }

    private QemuCommand command(String nonce) {
        loaded = modulesFor(kernel);
        BaseImage base = host.base(packages, javaModules);
        AppImage app = host.app(base, tests, programs, layer);
        BootImage boot = host.boot(kernel, loaded);
        Accelerator accelerator = kvmInside
                ? new Accelerator(Accelerator.Kind.TCG, "the emulated processor has KVM inside")
                : host.accelerator(boot);
        if (instructionClock && accelerator.kind() != Accelerator.Kind.TCG) {
            throw new HarnessException("instructions can be counted under TCG only; set HOLDFAST_ACCEL=tcg");
        }
        long end = moreReserved.stream().mapToLong(PhysicalRange::end).reduce(region.end(), Math::max);
        MemoryLayout layout = new MemoryLayout(memory, end - MemoryLayout.HIGH, secondNode);
        String more = moreReserved.stream().map(range -> " " + range.memmap()).collect(Collectors.joining());
        String commandLine = COMMAND_LINE + (kernel.debug() ? DEBUG_WORDS : "") + accelerator.kernelWords()
                + (reserved ? " " + region.memmap() : "") + more + extraWords + onFailure.kernelWords()
                + " holdfast.nonce="
                + nonce;
        List<Path> drives = new ArrayList<>(List.of(base.drive(), app.drive(), bootDrive(boot)));
        if (!suites.isEmpty()) {
            drives.add(host.debianDrive(suites, installed));
        }
        return new QemuCommand(
                host.qemu(),
                accelerator,
                layout,
                processors,
                boot.kernel(),
                boot.initrd(),
                commandLine,
                drives,
                moreWords());
    }

    private List<Path> modulesFor(KernelSpec spec) {
        Kernel unpacked = host.kernel(spec);
        List<Path> files = new ArrayList<>();
        if (holdfast) {
            files.add(host.module(unpacked));
        }
        modules.forEach(module -> files.add(module.apply(unpacked)));
        return List.copyOf(files);
    }

    private Path bootDrive(BootImage first) {
        List<BootImage> images = new ArrayList<>(List.of(first));
        others.stream()
                .filter(other -> !other.equals(kernel))
                .distinct()
                .forEach(other -> images.add(host.boot(other, modulesFor(other))));
        List<Path> directories =
                new ArrayList<>(images.stream().map(BootImage::directory).toList());
        if (linuxGuest != null) {
            directories.add(host.linuxGuest(linuxGuest));
        }
        if (idleInitrd) {
            directories.add(host.idleInitrd());
        }
        return host.bootDrive(directories);
    }

    private List<String> moreWords() {
        List<String> words = new ArrayList<>();
        devices.forEach(device -> words.addAll(List.of("-device", device)));
        if (scratch > 0) {
            words.addAll(List.of("-drive", "if=virtio,format=raw,discard=unmap,file=" + emptyFile()));
        }
        if (instructionClock) {
            words.addAll(List.of("-icount", "shift=0,sleep=off"));
        }
        if (debugging != null) {
            words.addAll(debugging.qemuWords());
        }
        return words;
    }

    private Path emptyFile() {
        Path file = work().resolve("scratch");
        try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(0);
            disk.setLength(scratch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private void prepareResults() throws IOException {
        Files.createDirectories(work());
        for (String old : LEFT_BEHIND) {
            Files.deleteIfExists(results.resolve(old));
        }
        if (Files.exists(images())) {
            PathUtils.deleteDirectory(images());
        }
    }

    private Path images() {
        return results.resolve("images");
    }

    /** The traces of a VM that are there. */
    public List<Path> leftBehind() {
        return LEFT_BEHIND.stream().map(results::resolve).filter(Files::exists).toList();
    }

    /** Where dumps of memory are put. */
    Path work() {
        return results.resolve("work");
    }

    /** Where the traces of the test are put. */
    public Path results() {
        return results;
    }

    /** A shell script that runs this VM by itself, on a terminal. */
    public String script() {
        return command("none").script();
    }

    /** The VMs that were started from this. */
    public List<Vm> started() {
        return List.copyOf(started);
    }

    /** What is known so far about the VM that was started last, or about the attempt to start one. */
    public VmRecord record() {
        return started.isEmpty() ? record : started.get(started.size() - 1).record();
    }

    /**
     * Removes the work files, such as dumps of memory, unless {@code HOLDFAST_KEEP} says to keep those of such a test. After a
     * failure {@code qemu.cmd} gets files of its own, which stay when the cache drops them.
     */
    public void cleanUp(boolean failed) throws IOException {
        if (failed && command != null) {
            Files.writeString(
                    results.resolve(SCRIPT), command.withFilesIn(images()).script());
        }
        if (!host.keep().keeps(failed) && Files.exists(work())) {
            PathUtils.deleteDirectory(work());
        }
    }

    /** The release of a kernel that this VM carries. */
    String releaseOf(KernelSpec spec) {
        if (!spec.equals(kernel) && !others.contains(spec)) {
            throw new IllegalArgumentException(name + " does not carry " + spec + ": see VmBuilder.carrying");
        }
        return host.kernel(spec).release();
    }

    String name() {
        return name;
    }

    /** The modules that are loaded beside the kernel's own. */
    List<Path> modules() {
        return loaded;
    }

    OnFailure onFailure() {
        return onFailure;
    }

    Debugging debugging() {
        return Objects.requireNonNull(debugging, "not to be debugged");
    }

    PhysicalRange region() {
        return region;
    }

    boolean debug() {
        return kernel.debug();
    }

    Deadlines deadlines() {
        return host.deadlines();
    }

    Report report() {
        return host.report();
    }
}
