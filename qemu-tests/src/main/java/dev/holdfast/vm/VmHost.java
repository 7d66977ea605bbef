// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.render.ModuleOptions;
import dev.holdfast.vm.image.AppImage;
import dev.holdfast.vm.image.BaseImage;
import dev.holdfast.vm.image.BootDrive;
import dev.holdfast.vm.image.BootImage;
import dev.holdfast.vm.image.Cache;
import dev.holdfast.vm.image.DebianRoot;
import dev.holdfast.vm.image.GuestImage;
import dev.holdfast.vm.image.IdleImage;
import dev.holdfast.vm.image.Program;
import dev.holdfast.vm.kernel.Kernel;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.kernel.KernelStore;
import dev.holdfast.vm.kernel.ModuleBuild;
import dev.holdfast.vm.kernel.ModuleJudge;
import dev.holdfast.vm.qemu.Accelerator;
import dev.holdfast.vm.qemu.AcceleratorChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The machine that VMs run on: where its caches are, which QEMU it has, and what it takes to start a VM. Makes what is missing
 * when it is first asked for.
 */
public final class VmHost {

    private static final List<String> TOOLS = List.of("busybox-static", "kexec-tools");

    private final Workspace workspace;
    private final Map<String, String> environment;
    private final Report report;
    private final Map<Kernel, Path> modules = new ConcurrentHashMap<>();

    /**
     * A machine.
     *
     * @param workspace where things are
     * @param environment settings, by the names of environment variables
     * @param report where progress is told
     */
    public VmHost(Workspace workspace, Map<String, String> environment, Report report) {
        this.workspace = workspace;
        this.environment = Map.copyOf(environment);
        this.report = report;
    }

    /** This machine, as the environment describes it; progress is told on standard error. */
    public static VmHost here() {
        return new VmHost(Workspace.find(), System.getenv(), Report.to(System.err));
    }

    /** Why no VM can run here; empty if one can. */
    public String missing() {
        return Command.exists(qemu()) ? "" : qemu() + " not found: apt-get install qemu-system-x86";
    }

    /** A VM to be set up and started. What it leaves behind is put into {@code results}. */
    public VmBuilder vm(String name, Path results) {
        return new VmBuilder(this, name, results);
    }

    /** A kernel, fetched if it is not in the cache. */
    public Kernel kernel(KernelSpec spec) {
        return new KernelStore(cache(), report).get(spec);
    }

    /** The same kernel at the newest version that the mirror carries, looked up now. */
    public KernelSpec newest(KernelSpec spec) {
        return new KernelStore(cache(), report).newest(spec);
    }

    /** The holdfast module for a kernel, rendered and built if it is not in the cache. */
    public Path module(Kernel kernel) {
        return modules.computeIfAbsent(kernel, new HoldfastModule(moduleBuild())::of);
    }

    /** The sources of the holdfast module, rendered for a kernel. */
    public TextTree moduleSources(Kernel kernel) {
        return moduleSources(kernel, ModuleOptions.defaults());
    }

    /** The sources of the holdfast module with other things in it, rendered for a kernel. */
    public TextTree moduleSources(Kernel kernel, ModuleOptions options) {
        return HoldfastModule.render(kernel, options);
    }

    /** What the kernel's developers would say to a module. */
    public ModuleJudge judge() {
        return new ModuleJudge(cache(), report);
    }

    /** Builds other modules against the kernels' headers. */
    public ModuleBuild moduleBuild() {
        return new ModuleBuild(cache(), report);
    }

    /** Where progress is told. */
    public Report report() {
        return report;
    }

    /** A program made by this machine's C compiler, for any VM. */
    Path program(String name, TextTree sources) {
        return Program.of(cache(), name, sources);
    }

    /** The root of a VM, with the programs of these packages and these modules of Java beside its own. */
    BaseImage base(Collection<String> packages, List<String> javaModules) {
        return BaseImage.of(cache(), tools(packages), javaModules, report);
    }

    AppImage app(BaseImage base, Set<Class<?>> tests, List<Path> programs, @Nullable Path layer) {
        return AppImage.of(cache(), base, tests, programs, layer);
    }

    BootImage boot(KernelSpec spec, List<Path> modules) {
        return BootImage.of(cache(), kernel(spec), BaseImage.busybox(tools(List.of())), modules);
    }

    /** All kernels run on the same tools: those of the oldest release, which run on the host as well. */
    private Path tools(Collection<String> more) {
        List<String> packages = new ArrayList<>(TOOLS);
        packages.addAll(more);
        return new KernelStore(cache(), report)
                .tools(KernelList.load().standard().suite(), packages);
    }

    /** A guest for a hypervisor inside of a VM. */
    Path linuxGuest(KernelSpec spec) {
        return GuestImage.of(cache(), kernel(spec));
    }

    /** The root of a release of the distribution with some packages installed, as a directory here. It is not to be changed. */
    public Path debianRoot(String suite, List<String> packages) {
        return DebianRoot.of(cache(), suite, packages, report);
    }

    /** A drive with the roots of some releases of the distribution, all with the same packages. */
    Path idleInitrd() {
        return IdleImage.of(cache());
    }

    Path debianDrive(List<String> suites, List<String> packages) {
        return DebianRoot.drive(
                cache(),
                suites.stream().map(suite -> debianRoot(suite, packages)).toList());
    }

    Path bootDrive(List<Path> directories) {
        return BootDrive.of(cache(), directories);
    }

    Accelerator accelerator(BootImage image) {
        return new AcceleratorChoice(qemu(), workspace.cache(), deadlines(), report)
                .choose(environment.getOrDefault("HOLDFAST_ACCEL", "auto"), image);
    }

    String qemu() {
        return environment.getOrDefault("HOLDFAST_QEMU", "qemu-system-x86_64");
    }

    Deadlines deadlines() {
        return Deadlines.of(environment);
    }

    Keep keep() {
        return Keep.of(environment.getOrDefault("HOLDFAST_KEEP", "failed"));
    }

    private Cache cache() {
        return new Cache(workspace.cache());
    }
}
