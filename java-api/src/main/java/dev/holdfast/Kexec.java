// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.Errno;
import dev.holdfast.internal.jna.KexecCalls;
import dev.holdfast.internal.jna.OpenFile;
import dev.holdfast.internal.unpacked.UnpackedImage;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Loads a kernel and jumps into it, past the firmware. On x86-64, with CAP_SYS_BOOT. There is one place for the next kernel and one
 * for the kernel that runs after a panic, for the whole machine.
 *
 * <p>Memory of regions stays as it is, provided that the next kernel's command line reserves them: see {@link KexecCommandLine}.
 */
public final class Kexec {
    private Kexec() {}

    /**
     * Loads the next kernel; one that was loaded before is dropped. What {@link Preflight} knows would end in a refusal is refused
     * here, while the running kernel still can use its regions: a region that is mounted for writing has to stay so.
     *
     * @throws PreflightException if the holdfast module in its initrd cannot use a region, or is for another kernel; if the command
     *     line leaves a region to the kernel; if kernel and initrd have no place in memory, or lack a signature under lockdown
     * @throws InvalidKernelException if the file is not a kernel image
     * @throws KernelSignatureException if the running kernel insists on a signature that it trusts
     * @throws PermissionException without CAP_SYS_BOOT, or if kexec is disabled or the kernel locked down; without CAP_SYS_ADMIN, if
     *     there are regions to ask for
     * @throws NotFoundException if kernel or initrd don't exist
     * @throws BusyException if another kexec call is under way
     * @throws UnsupportedSystemException if the kernel or the architecture has no kexec_file_load
     */
    public static void load(KexecImage image) {
        load(image, false);
    }

    /**
     * Loads the next kernel as {@link #load(KexecImage)} does, but unpacked, and its initrd too, so that the jump is shorter: nothing is
     * unpacked and no checksum is computed behind it. The kernel is moved in its address space and in memory as it would have done by
     * itself, unless {@code nokaslr} is on its command line. By kexec_load, which looks at no signature and is not there under lockdown.
     *
     * @throws UnsupportedSystemException if the running kernel is locked down or was started by EFI firmware, or the next one is
     *     compressed in a way that is not read here
     * @throws InvalidKernelException if kernel or initrd cannot be unpacked, or have no place in memory
     */
    public static void loadUnpacked(KexecImage image) {
        Preflight.of(image).require(image);
        Unpacking.RUNNING.obstacle(image).ifPresent(why -> {
            throw new UnsupportedSystemException(new Failure(
                    "unpack kernel",
                    image.kernel().toString(),
                    "Kexec.loadUnpacked",
                    Errno.EOPNOTSUPP,
                    why,
                    "load it as it is, with Kexec.load"));
        });
        try (UnpackedImage unpacked = Unpacking.RUNNING.unpack(image)) {
            new Attempt("load kernel", image.kernel().toString(), ErrorTable.KEXEC).run(unpacked::load);
        }
    }

    /**
     * Loads the kernel that runs after a panic; one that was loaded before is dropped, even on failure. Fails as {@link
     * #load(KexecImage)} does.
     *
     * @throws NoCrashMemoryException if the running kernel was started without {@code crashkernel=}, or with too little
     */
    public static void loadCrash(KexecImage image) {
        load(image, true);
    }

    private static void load(KexecImage image, boolean onCrash) {
        try (OpenFile kernel = open("load kernel", image.kernel());
                OpenFile initrd = openInitrd(image.initrd())) {
            Preflight.of(image).require(image);
            new Attempt(
                            onCrash ? "load crash kernel" : "load kernel",
                            image.kernel().toString(),
                            onCrash ? ErrorTable.KEXEC_CRASH : ErrorTable.KEXEC)
                    .run(() -> KexecCalls.load(kernel, initrd, image.commandLine(), onCrash));
        }
    }

    private static @Nullable OpenFile openInitrd(@Nullable Path initrd) {
        return initrd == null ? null : open("load initrd", initrd);
    }

    private static OpenFile open(String action, Path path) {
        return new Attempt(action, path.toString(), ErrorTable.KEXEC)
                .get(() -> OpenFile.open(path, OpenFile.Access.READ));
    }

    /** Drops the next kernel; nothing happens if none is loaded. */
    public static void unload() {
        new Attempt("unload", "the next kernel", ErrorTable.KEXEC).run(() -> KexecCalls.unload(false));
    }

    /** Drops the kernel that would run after a panic; nothing happens if none is loaded. */
    public static void unloadCrash() {
        new Attempt("unload", "the crash kernel", ErrorTable.KEXEC_CRASH).run(() -> KexecCalls.unload(true));
    }

    /** Whether a next kernel is loaded. */
    public static boolean loaded() {
        return isSet("/sys/kernel/kexec_loaded");
    }

    /** Whether a kernel that runs after a panic is loaded. */
    public static boolean crashLoaded() {
        return isSet("/sys/kernel/kexec_crash_loaded");
    }

    private static boolean isSet(String path) {
        return KernelFile.of(path).read().equals("1");
    }

    /**
     * Jumps into the next kernel, now. Nothing is shut down and no file system is synchronised: processes stop where they are. What
     * is on a region is there.
     *
     * @throws NoKernelLoadedException if none is loaded
     * @throws PermissionException without CAP_SYS_BOOT
     * @throws BusyException if another kexec call is under way
     */
    public static void execute() {
        if (!loaded()) {
            throw new NoKernelLoadedException(new Failure(
                    "jump into", "the next kernel", "Kexec.execute", Errno.EINVAL, "none is loaded", "load one first"));
        }
        new Attempt("jump into", "the next kernel", ErrorTable.KEXEC_JUMP).run(KexecCalls::jump);
    }
}
