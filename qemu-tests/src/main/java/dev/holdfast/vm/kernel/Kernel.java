// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.HarnessException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A kernel, unpacked and not installed.
 *
 * @param release as {@code uname -r} prints it
 * @param packageVersion version of the package it came from
 * @param root where the packages were unpacked
 */
public record Kernel(String release, String packageVersion, Path root) {

    /** Whether it is a debug kernel. */
    public boolean debug() {
        return release.endsWith("-debug");
    }

    /** The compressed image. */
    public Path image() {
        return require(root.resolve("boot/vmlinuz-" + release));
    }

    /** The tree that modules are built against. */
    public Path headers() {
        return require(root.resolve("usr/src/linux-headers-" + release));
    }

    /** The kernel's own modules, with {@code modules.dep}. */
    public Path modules() {
        return require(root.resolve("lib/modules/" + release));
    }

    private static Path require(Path path) {
        if (!Files.exists(path)) {
            throw new HarnessException("missing from the kernel packages: " + path);
        }
        return path;
    }
}
