// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import dev.holdfast.codegen.CodegenException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tries what compiles against a kernel tree, without kbuild: a compiler and the tree's headers are enough, so a kernel
 * may be probed where its modules cannot be built.
 */
final class Compiler {
    private static final String ARCH = "arch/x86/include";

    /** In the order in which kbuild searches. */
    private static final List<String> INCLUDE_FOLDERS = List.of(
            ARCH,
            ARCH + "/generated",
            "include",
            ARCH + "/uapi",
            ARCH + "/generated/uapi",
            "include/uapi",
            "include/generated/uapi");

    private static final List<String> ALWAYS_INCLUDED =
            List.of("include/linux/kconfig.h", "include/linux/compiler_types.h");

    /** The flags of kbuild that change what is declared; a call of what is not declared must be an error. */
    private static final List<String> FLAGS = List.of(
            "-fsyntax-only",
            "-nostdinc",
            "-std=gnu11",
            "-fms-extensions",
            "-O2",
            "-fno-pie",
            "-m64",
            "-mcmodel=kernel",
            "-mno-sse",
            "-mno-red-zone",
            "-fshort-wchar",
            "-funsigned-char",
            "-D__KERNEL__",
            "-DMODULE",
            "-DKBUILD_MODNAME=\"holdfast\"",
            "-Werror=implicit-function-declaration",
            "-Werror=int-conversion",
            "-Werror=incompatible-pointer-types",
            "-fmax-errors=0",
            "-H",
            "-xc",
            "-");

    private static final Pattern ERROR = Pattern.compile("(?m)^(.*?): (?:fatal )?error: (.*)$");

    /** With -H, the compiler names each header it opens after as many dots as it is deep. */
    private static final Pattern OPENED = Pattern.compile("(?m)^\\.+ (.*)$");

    private final KernelTree tree;
    private final List<String> candidates;

    /**
     * @param config the kernel's configuration
     * @param named the compiler to use; by default the one that built the kernel, or gcc
     */
    Compiler(KernelTree tree, Config config, @Nullable String named) {
        this.tree = tree;
        this.candidates = named == null ? List.of(config.compiler(), "gcc") : List.of(named);
    }

    /** Which of the trials compile. */
    Set<Trial> accepted() throws IOException {
        String trouble = "";
        for (String candidate : candidates) {
            Optional<String> output = run(candidate);
            if (output.isEmpty()) {
                trouble = candidate + " cannot be run";
                continue;
            }
            List<String> errors = errors(output.get());
            Set<Path> opened = opened(output.get());
            Optional<String> unfit = errors.stream()
                    .filter(error -> !Trial.isAbout(error))
                    .findFirst()
                    .or(() -> opened.isEmpty() ? Optional.of("it opens no header") : Optional.empty());
            if (unfit.isEmpty()) {
                opened.forEach(tree::look);
                return accepted(errors);
            }
            trouble = candidate + " does not compile its headers (" + unfit.get() + ")";
        }
        throw new CodegenException(tree.release() + ": probing needs a compiler, and " + trouble
                + "; install gcc, or name another compiler with --cc");
    }

    private static Set<Trial> accepted(List<String> errors) {
        Set<Trial> accepted = EnumSet.allOf(Trial.class);
        accepted.removeIf(trial -> errors.stream().anyMatch(trial::isSubjectOf));
        return accepted;
    }

    /** What the compiler says; empty if there is no such compiler. */
    private Optional<String> run(String compiler) throws IOException {
        Path trials = Files.createTempFile("holdfast-trials", ".c");
        try {
            Files.writeString(trials, Trial.all());
            ProcessBuilder builder = new ProcessBuilder(command(compiler))
                    .redirectInput(trials.toFile())
                    .redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C");
            Process process;
            try {
                process = builder.start();
            } catch (IOException e) {
                return Optional.empty();
            }
            return Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        } finally {
            Files.delete(trials);
        }
    }

    private List<String> command(String compiler) {
        List<String> command = new ArrayList<>(List.of(compiler));
        for (String folder : INCLUDE_FOLDERS) {
            tree.all(folder).forEach(path -> command.add("-I" + path));
        }
        for (String header : ALWAYS_INCLUDED) {
            tree.find(header).ifPresent(path -> command.addAll(List.of("-include", path.toString())));
        }
        command.addAll(FLAGS);
        return command;
    }

    private static List<String> errors(String output) {
        Matcher matcher = ERROR.matcher(output);
        List<String> errors = new ArrayList<>();
        while (matcher.find()) {
            errors.add(matcher.group(1) + ": " + matcher.group(2));
        }
        return errors;
    }

    private static Set<Path> opened(String output) {
        Matcher matcher = OPENED.matcher(output);
        Set<Path> opened = new LinkedHashSet<>();
        while (matcher.find()) {
            opened.add(Path.of(matcher.group(1)));
        }
        return opened;
    }
}
