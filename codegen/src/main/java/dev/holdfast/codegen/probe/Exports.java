// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The symbols that a kernel exports to all modules. What is in a namespace is for those that import it, or, as
 * {@code module:kvm}, for the modules of that name.
 */
final class Exports {
    private static final int SYMBOL = 1;
    private static final int NAMESPACE = 4;

    static final String FILE = "Module.symvers";

    private final String release;
    private final Map<String, Integer> lines = new HashMap<>();

    Exports(KernelTree tree) throws IOException {
        this.release = tree.release();
        int number = 0;
        for (String line : tree.lines(FILE)) {
            number++;
            String[] columns = line.split("\t", -1);
            if (columns.length > SYMBOL && (columns.length <= NAMESPACE || columns[NAMESPACE].isEmpty())) {
                lines.putIfAbsent(columns[SYMBOL], number);
            }
        }
    }

    boolean has(String symbol) {
        return lines.containsKey(symbol);
    }

    /** Whether modules may call {@code symbol}. */
    Fact has(String fact, String symbol) {
        return Fact.yesNo(fact, has(symbol), place(symbol));
    }

    Place place(String symbol) {
        return new Place(FILE, lines.getOrDefault(symbol, 0));
    }

    void need(List<String> symbols) {
        List<String> missing = symbols.stream().filter(symbol -> !has(symbol)).toList();
        if (!missing.isEmpty()) {
            String verb = missing.size() == 1 ? " is" : " are";
            throw new UnsupportedKernelException(
                    release, String.join(", ", missing) + verb + " not exported", new Place(FILE, 0));
        }
    }
}
