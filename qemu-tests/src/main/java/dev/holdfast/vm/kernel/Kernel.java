// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A kernel, unpacked and not installed.
 *
 * @param release as {@code uname -r} prints it
 * @param packageVersion version of the package it came from
 * @param root where the packages were unpacked
 */
public record Kernel(String release, String packageVersion, Path root) {

    private static final Pattern GCC = Pattern.compile("(?m)^CONFIG_GCC_VERSION=([0-9]+)[0-9]{4}$");

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

    /** The file of one of its own modules, whose name is written as lsmod writes it. */
    public Path module(String name) {
        try (Stream<Path> files = Files.walk(modules())) {
            return files.filter(
                            file -> file.getFileName().toString().matches(name.replace("_", "[_-]") + "\\.ko(\\..*)?"))
                    .findFirst()
                    .orElseThrow(() -> new HarnessException(release + " has no module " + name));
        } catch (IOException e) {
            throw new HarnessException("cannot look for modules in " + modules() + ": " + e, e);
        }
    }

    /** The compiler that it was built with, and its modules are to be: its name as a command. */
    public String compiler() {
        Path config = headers().resolve(".config");
        try {
            Matcher version = GCC.matcher(Files.readString(config));
            if (!version.find()) {
                throw new HarnessException(config + " has no CONFIG_GCC_VERSION: " + release
                        + " was not built with gcc, which is what modules are built with here");
            }
            return "gcc-" + version.group(1);
        } catch (IOException e) {
            throw new HarnessException("cannot read " + config + ": " + e, e);
        }
    }

    private static Path require(Path path) {
        if (!Files.exists(path)) {
            throw new HarnessException("missing from the kernel packages: " + path);
        }
        return path;
    }
}
