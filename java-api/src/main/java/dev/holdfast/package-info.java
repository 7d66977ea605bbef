// SPDX-License-Identifier: Apache-2.0
/**
 * Memory that survives kexec, for hypervisors and others who own large memory.
 *
 * <p>{@link dev.holdfast.Region} formats and mounts a region: physical memory that the kernel was told to leave alone. On it are
 * {@link dev.holdfast.GuestMemory guest memories}, to be mapped, and {@link dev.holdfast.StateFile state files}, to be replaced as a
 * whole. {@link dev.holdfast.Kexec} loads the next kernel and jumps into it, and {@link dev.holdfast.KexecCommandLine} keeps that
 * kernel away from the regions, too. {@link dev.holdfast.Preflight} says before the jump whether the next kernel's module can use them.
 *
 * <p><b>Units.</b> Lengths, offsets and addresses are in bytes, in {@code long}.
 *
 * <p><b>Closing.</b> What can be closed owns one thing: a {@code Region} its mount (if it mounted it), a {@code GuestMemory} its
 * mapping. Closing twice is harmless. Use try-with-resources, guest memories inside regions.
 *
 * <p><b>Threads.</b> Every object may be used from several threads at once. The content of guest memory is shared memory, with nothing
 * to order accesses but what the threads agree on. System calls block their thread, virtual threads their carrier.
 *
 * <p><b>Failures.</b> What the system or an argument makes fail is a {@link dev.holdfast.HoldfastException} or one of its subclasses:
 * one line with what failed, on what, why, and what to do. A wrong use of an object, such as after close(), is an {@link
 * java.lang.IllegalStateException} or {@link java.lang.IndexOutOfBoundsException}.
 *
 * <p><b>Environment.</b> 64-bit Linux. The library has no native code of its own: it calls libc through JNA, which unpacks its own
 * library into the directory for temporary files. Where that is mounted noexec, set {@code -Djna.tmpdir=DIRECTORY}. From JDK 24 on, {@code
 * --enable-native-access=ALL-UNNAMED} avoids a warning, and {@code --sun-misc-unsafe-memory-access=allow} another when the next
 * kernel's initrd is compressed with zstd.
 */
@NullMarked
package dev.holdfast;

import org.jspecify.annotations.NullMarked;
