// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.files.Sha256;
import dev.holdfast.codegen.files.TextTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the schema and refuses what is wrong with it. */
public final class SchemaParser {
    private SchemaParser() {}

    /** The schema that this program was built with. */
    public static Schema packed() throws IOException {
        return parse(TextTree.ofResources("abi"));
    }

    /**
     * The schema in the {@code *.yaml} files of a folder.
     *
     * @throws SchemaException if it is wrong
     */
    public static Schema read(Path folder) throws IOException {
        return parse(TextTree.ofFolder(folder));
    }

    /**
     * The schema in the {@code *.yaml} files of a tree.
     *
     * @throws SchemaException if it is wrong
     */
    public static Schema parse(TextTree tree) {
        SortedMap<String, String> files = new TreeMap<>(tree.files());
        files.keySet().removeIf(name -> !name.endsWith(".yaml"));
        if (files.isEmpty()) {
            throw new CodegenException("the schema has no *.yaml file");
        }
        Scope scope = new Scope();
        List<Unit> units = new ArrayList<>();
        files.forEach((name, text) -> units.add(new UnitParser(scope).parse(YamlValue.parse(name, text))));
        return new Schema(units, Sha256.of(files));
    }
}
