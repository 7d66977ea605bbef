// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import dev.holdfast.vm.guest.KernelLoading;
import dev.holdfast.vm.guest.kvm.UpdatingKernel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A kernel to kexec into.
 *
 * @param release its release
 * @param commandLine its command line
 * @param loader who loads it
 * @param kernel its image, inside
 * @param initrd its initrd, inside
 */
public record NextKernel(
        String release, String commandLine, KernelLoading.Loader loader, String kernel, String initrd) {

    /** As it is on the VM's boot drive, with the initrd that belongs to it. */
    NextKernel(String release, String commandLine) {
        this(
                release,
                commandLine,
                KernelLoading.Loader.LIBRARY,
                "/boot/" + release + "/vmlinuz",
                "/boot/" + release + "/initrd");
    }

    /** The same with another initrd, by its path inside. */
    public NextKernel withInitrd(String path) {
        return new NextKernel(release, commandLine, loader, kernel, path);
    }

    /** The same, loaded by somebody else. */
    public NextKernel loadedBy(KernelLoading.Loader other) {
        return new NextKernel(release, commandLine, other, kernel, initrd);
    }

    /** The same with another command line. */
    public NextKernel withCommandLine(String words) {
        return new NextKernel(release, words, loader, kernel, initrd);
    }

    /** The same with more words on the command line. */
    public NextKernel with(String words) {
        return new NextKernel(release, commandLine + " " + words, loader, kernel, initrd);
    }

    /** The same without the words of the command line that start with {@code prefix}. */
    public NextKernel without(String prefix) {
        String rest = Arrays.stream(commandLine.split(" ", -1))
                .filter(word -> !word.startsWith(prefix))
                .collect(Collectors.joining(" "));
        return new NextKernel(release, rest, loader, kernel, initrd);
    }

    KernelLoading.Args arguments(boolean onPanic) {
        return new KernelLoading.Args(kernel, initrd, commandLine, loader, onPanic);
    }

    /** A live update into it, with some guests; unpacked before the jump if it is to be loaded so. */
    public UpdatingKernel.Args carrying(List<String> guests) {
        return new UpdatingKernel.Args(
                kernel, initrd, commandLine, loader == KernelLoading.Loader.LIBRARY_UNPACKED, guests);
    }
}
