// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A command that was run.
 *
 * @param exitCode its exit code
 * @param out what it said
 * @param err what it complained about
 */
record Ran(int exitCode, String out, String err) {
    static Ran of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    JsonObject json() {
        return JsonParser.parseString(out).getAsJsonObject();
    }
}
