// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.probe.Kernel;
import dev.holdfast.codegen.schema.Schema;
import freemarker.core.ParseException;
import freemarker.core.TemplateClassResolver;
import freemarker.core.UndefinedOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Renders the module: every template {@code FOLDER/NAME.ftl} becomes the file {@code NAME}. */
public final class Renderer {
    private static final String MODULE = "module/";
    private static final String DKMS = "dkms/";
    private static final String SUFFIX = ".ftl";

    private final TextTree templates;
    private final Configuration configuration;

    /** A renderer of these templates. */
    public Renderer(TextTree templates) {
        this.templates = templates;
        this.configuration = configuration(templates);
    }

    /** The templates that this program was built with. */
    public static TextTree packedTemplates() throws IOException {
        return TextTree.ofResources("kmod-templates");
    }

    private static Configuration configuration(TextTree templates) {
        Configuration configuration = new Configuration(Configuration.VERSION_2_3_35);
        configuration.setTemplateLoader(new TreeLoader(templates));
        configuration.setLocalizedLookup(false);
        configuration.setDefaultEncoding(StandardCharsets.UTF_8.name());
        configuration.setLocale(Locale.ROOT);
        configuration.setTimeZone(TimeZone.getTimeZone("UTC"));
        configuration.setNumberFormat("computer");
        configuration.setBooleanFormat("c");
        configuration.setOutputFormat(UndefinedOutputFormat.INSTANCE);
        configuration.setInterpolationSyntax(Configuration.DOLLAR_INTERPOLATION_SYNTAX);
        configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        configuration.setLogTemplateExceptions(false);
        configuration.setWrapUncheckedExceptions(true);
        configuration.setFallbackOnNullLoopVariable(false);
        return configuration;
    }

    /** The module's sources, with what is in the module by default. */
    public TextTree render(Schema schema, Kernel kernel, Tool tool) {
        return render(schema, kernel, ModuleOptions.defaults(), tool);
    }

    /** The module's sources, to be built out of tree. */
    public TextTree render(Schema schema, Kernel kernel, ModuleOptions options, Tool tool) {
        return render(schema, kernel, options, Layout.OUT_OF_TREE, tool);
    }

    /**
     * The module's sources, and beside them a {@link LineMap}. A template that renders to nothing makes no file.
     *
     * @throws CodegenException if a template is wrong; the message names template and line
     */
    public TextTree render(Schema schema, Kernel kernel, ModuleOptions options, Layout layout, Tool tool) {
        Provenance provenance = new Provenance(tool, schema, kernel, options, layout);
        Map<String, Object> model = Map.of(
                "schema",
                schema,
                "kernel",
                kernel,
                "options",
                options,
                "layout",
                layout,
                "tool",
                tool,
                "c",
                new CNotation());
        SortedMap<String, String> marked = new TreeMap<>();
        render(MODULE, model).forEach((name, text) -> marked.put(layout.place(name), provenance.addTo(name, text)));
        SortedMap<String, String> files = withoutMarks(marked);
        files.put(LineMap.FILE, LineMap.write(marked));
        return new TextTree(files);
    }

    /**
     * What dkms reads, and the script that renders the module's sources, the same for every kernel. The script wants the
     * jars of this program in {@code lib/}.
     *
     * @throws CodegenException if a template is wrong; the message names template and line
     */
    public TextTree renderDkms(ModuleOptions options, Tool tool) {
        return new TextTree(withoutMarks(render(DKMS, Map.of("options", options, "tool", tool))));
    }

    private static SortedMap<String, String> withoutMarks(SortedMap<String, String> marked) {
        SortedMap<String, String> files = new TreeMap<>(marked);
        files.replaceAll((name, text) -> LineMarks.remove(text));
        return files;
    }

    private SortedMap<String, String> render(String folder, Map<String, Object> model) {
        SortedMap<String, String> files = new TreeMap<>();
        for (String name : templates.files().keySet()) {
            if (name.startsWith(folder) && name.endsWith(SUFFIX)) {
                String text = process(name, model);
                if (!text.isEmpty()) {
                    files.put(name.substring(folder.length(), name.length() - SUFFIX.length()), text);
                }
            }
        }
        if (files.isEmpty()) {
            throw new CodegenException("the templates hold no " + folder + "*" + SUFFIX);
        }
        return files;
    }

    private String process(String name, Map<String, Object> model) {
        StringWriter out = new StringWriter();
        try {
            configuration.getTemplate(name).process(model, out);
        } catch (ParseException e) {
            throw error(e.getTemplateName(), e.getLineNumber(), e.getEditorMessage(), e);
        } catch (TemplateException e) {
            throw error(e.getTemplateSourceName(), e.getLineNumber(), reason(e), e);
        } catch (IOException e) {
            throw new CodegenException(name + ": " + e.getMessage(), e);
        }
        return out.toString();
    }

    /** What went wrong at the bottom of it: FreeMarker's own message, or that of the method it called. */
    private static @Nullable String reason(TemplateException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof TemplateException template ? template.getMessageWithoutStackTop() : cause.getMessage();
    }

    private static CodegenException error(
            @Nullable String template, @Nullable Integer line, @Nullable String message, Exception cause) {
        return new CodegenException("template " + template + ":" + line + ": " + firstParagraph(message), cause);
    }

    /** FreeMarker says what is wrong in a first paragraph, and then gives tips and the stack of templates. */
    private static String firstParagraph(@Nullable String message) {
        return String.valueOf(message)
                .lines()
                .takeWhile(text -> !text.isBlank() && !text.startsWith("---"))
                .collect(Collectors.joining(" "));
    }
}
