// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import dev.holdfast.vm.guest.KernelLoading;
import dev.holdfast.vm.guest.kvm.UpdatingKernel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A kernel to kexec into. Both files are on the VM's boot drive.
 *
 * @param release its release
 * @param commandLine its command line
 * @param loader who loads it
 */
public record NextKernel(String release, String commandLine, KernelLoading.Loader loader) {

    /** The same, loaded by somebody else. */
    public NextKernel loadedBy(KernelLoading.Loader other) {
        return new NextKernel(release, commandLine, other);
    }

    /** The same with more words on the command line. */
    public NextKernel with(String words) {
        return new NextKernel(release, commandLine + " " + words, loader);
    }

    /** The same without the words of the command line that start with {@code prefix}. */
    public NextKernel without(String prefix) {
        String rest = Arrays.stream(commandLine.split(" ", -1))
                .filter(word -> !word.startsWith(prefix))
                .collect(Collectors.joining(" "));
        return new NextKernel(release, rest, loader);
    }

    KernelLoading.Args arguments(boolean onPanic) {
        return new KernelLoading.Args(file("vmlinuz"), file("initrd"), commandLine, loader, onPanic);
    }

    /** A live update into it, with some guests. */
    public UpdatingKernel.Args carrying(List<String> guests) {
        return new UpdatingKernel.Args(file("vmlinuz"), file("initrd"), commandLine, guests);
    }

    private String file(String name) {
        return "/boot/" + release + "/" + name;
    }
}
