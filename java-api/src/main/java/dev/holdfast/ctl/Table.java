// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows in columns.
 *
 * @param heads what the columns are called
 * @param rows the rows, each as long as the heads
 */
record Table(List<String> heads, List<List<String>> rows) {
    private static final String GAP = "  ";

    void print(PrintWriter out) {
        List<List<String>> all = new ArrayList<>();
        all.add(heads);
        all.addAll(rows);
        int last = heads.size() - 1;
        int[] widths = new int[heads.size()];
        for (List<String> row : all) {
            for (int column = 0; column < last; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < last; column++) {
                String cell = row.get(column);
                line.append(cell)
                        .append(" ".repeat(widths[column] - cell.length()))
                        .append(GAP);
            }
            out.println(line.append(row.get(last)).toString().stripTrailing());
        }
    }
}
