// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.buildroot;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import java.util.Map;
import java.util.function.Supplier;

/** Chooses how the build root is entered. */
final class Ways {

    private Ways() {}

    /**
     * The way that {@code HOLDFAST_BUILDROOT} names in the environment: {@code docker}, {@code chroot}, {@code namespace}, or
     * {@code auto}, the first of them that works for this user. All make the same.
     */
    static Way chosen(Map<String, String> environment, Supplier<String> dockerMissing, boolean root, Report report) {
        String wanted = environment.getOrDefault("HOLDFAST_BUILDROOT", "auto");
        String missing = wanted.equals("auto") || wanted.equals("docker") ? dockerMissing.get() : "";
        String name = wanted.equals("auto") ? (missing.isEmpty() ? "docker" : root ? "chroot" : "namespace") : wanted;
        report.say("the build root is entered by " + name + (missing.isEmpty() ? "" : " (" + missing + ")"));
        return switch (name) {
            case "docker" -> {
                if (!missing.isEmpty()) {
                    throw new HarnessException(
                            "HOLDFAST_BUILDROOT=docker: " + missing + "; start dockerd, or use auto");
                }
                yield new Docker(environment.getOrDefault("HOLDFAST_BUILDROOT_IMAGE", ""), report);
            }
            case "chroot" -> {
                if (!root) {
                    throw new HarnessException("HOLDFAST_BUILDROOT=chroot: only root can; use namespace");
                }
                yield new Namespace(false);
            }
            case "namespace" -> new Namespace(true);
            default ->
                throw new HarnessException(
                        "HOLDFAST_BUILDROOT=" + wanted + ": it can be docker, chroot, namespace or auto");
        };
    }

    /** The way on this machine. */
    static Way here(Map<String, String> environment, Report report) {
        return chosen(environment, Docker::missing, isRoot(), report);
    }

    static boolean isRoot() {
        return "0".equals(Command.of("id", "-u").run().get(0));
    }
}
