// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command tells what it found. */
final class Output {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    /** Whether text is wanted. */
    boolean text() {
        return !json;
    }

    /** Where text goes. */
    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Prints a line, if text is wanted. */
    void line(String format, Object... values) {
        if (text()) {
            out().printf(format + "%n", values);
        }
    }

    /** Prints rows below their heads, in columns, if text is wanted. */
    void table(List<String> heads, List<List<String>> rows) {
        if (text()) {
            new Table(heads, rows).print(out());
        }
    }

    /** Prints the result, if JSON is wanted. */
    void json(Map<String, ?> fields) {
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("schema", "holdfast/" + spec.name() + "/v1");
            all.putAll(fields);
            out().println(GSON.toJson(all));
        }
    }
}
