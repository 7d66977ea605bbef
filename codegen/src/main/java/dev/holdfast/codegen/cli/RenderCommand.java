// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.files.Content;
import dev.holdfast.codegen.files.FolderDifference;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.probe.Kernel;
import dev.holdfast.codegen.render.Layout;
import dev.holdfast.codegen.render.ModuleOptions;
import dev.holdfast.codegen.render.Renderer;
import dev.holdfast.codegen.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the module's sources. */
@Command(
        name = "render",
        description = "Writes the sources of the holdfast module for one kernel; build them with make.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RenderCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final KernelOption kernelOption = new KernelOption();

    @Mixin
    private final SchemaOption schemaOption = new SchemaOption();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final ModuleOptionChoice choice = new ModuleOptionChoice();

    @Mixin
    private final LayoutOption layoutOption = new LayoutOption();

    @Option(
            names = "--templates",
            paramLabel = "DIR",
            description = "Folder of the templates. Default: the templates of this release.")
    private @Nullable Path templates;

    @Option(
            names = "--check",
            description = "Write nothing. Print how the folder differs from what would be rendered now, as a unified"
                    + " diff; exit with 1 if it does.")
    private boolean check;

    @Override
    public Integer call() throws IOException {
        Tool tool = Tool.current();
        Schema schema = schemaOption.read();
        Kernel kernel = kernelOption.probe();
        ModuleOptions options = choice.options();
        Content content = content(schema, kernel, options, tool);
        String served = layoutOption.layout() == Layout.DKMS ? "each that arrives" : kernel.release();
        Map<String, String> about =
                Map.of("kernel", served, "layout", layoutOption.layout().word(), "options", options.words());
        if (check) {
            report(output.compare(content, tool, schema, about));
            return 0;
        }
        int changed = output.write(content, tool, schema, about);
        spec.commandLine()
                .getOut()
                .printf(
                        "%s: %d files for kernel %s, %d of them changed%n",
                        output.folder(), content.files().size(), served, changed);
        return 0;
    }

    private Content content(Schema schema, Kernel kernel, ModuleOptions options, Tool tool) throws IOException {
        Renderer renderer = new Renderer(templates());
        Layout layout = layoutOption.layout();
        return switch (layout) {
            case OUT_OF_TREE, IN_TREE ->
                Content.of(renderer.render(schema, kernel, options, layout, tool))
                        .in(layout.home());
            case DKMS -> Content.of(renderer.renderDkms(options, tool)).withCopies("lib", OwnJars.all());
        };
    }

    private void report(FolderDifference difference) {
        spec.commandLine().getOut().print(difference.diff());
        if (!difference.isEmpty()) {
            throw new CodegenException(
                    "%s is not what would be rendered now: %d changed, %d missing, %d extra; render anew"
                            .formatted(
                                    output.folder(), difference.changed(), difference.missing(), difference.extra()));
        }
    }

    private TextTree templates() throws IOException {
        if (templates == null) {
            return Renderer.packedTemplates();
        }
        if (!Files.isDirectory(templates)) {
            throw new CodegenException(templates + ": no such folder; --templates wants the folder of the templates");
        }
        return TextTree.ofFolder(templates);
    }
}
