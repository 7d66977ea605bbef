// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How inodes and their operations look. */
final class InodeFacts {
    private static final String OPERATIONS = "inode_operations";

    private final Headers headers;

    InodeFacts(KernelTree tree) throws IOException {
        headers = tree.headers("include/linux/fs.h", "include/linux/fs/*");
    }

    List<Fact> all() {
        return List.of(
                idmap(),
                createExcl(),
                mkdirReturns(),
                updateTime(),
                time("inode_ctime", "inode_set_ctime_to_ts", "i_ctime"),
                time("inode_mtime", "inode_set_mtime_to_ts", "i_mtime"),
                state(),
                requestMask());
    }

    private Fact idmap() {
        Declaration create = headers.needOperation(OPERATIONS, "create");
        String first = create.parameters().isEmpty() ? "" : create.parameters().get(0);
        for (String type : List.of("mnt_idmap", "user_namespace")) {
            if (first.startsWith("struct " + type + " *")) {
                return new Fact("idmap", type, create.place());
            }
        }
        throw headers.unknown(create, "inode_operations.create");
    }

    private Fact createExcl() {
        Declaration create = headers.needOperation(OPERATIONS, "create");
        return switch (create.parameters().size()) {
            case 5 -> Fact.yesNo("create_excl", true, create.place());
            case 4 -> Fact.yesNo("create_excl", false, create.place());
            default -> throw headers.unknown(create, "inode_operations.create");
        };
    }

    private Fact mkdirReturns() {
        Declaration mkdir = headers.needOperation(OPERATIONS, "mkdir");
        return switch (mkdir.returns()) {
            case "int" -> new Fact("mkdir_returns", "int", mkdir.place());
            case "struct dentry *" -> new Fact("mkdir_returns", "dentry", mkdir.place());
            default -> throw headers.unknown(mkdir, "inode_operations.mkdir");
        };
    }

    private Fact updateTime() {
        Declaration update = headers.needOperation(OPERATIONS, "update_time");
        String second =
                update.parameters().size() < 2 ? "" : update.parameters().get(1);
        String value;
        if (second.startsWith("struct timespec64 *") && update.parameters().size() == 3) {
            value = "timespec64";
        } else if (second.startsWith("enum fs_update_time")
                && update.parameters().size() == 3) {
            value = "type";
        } else if (second.startsWith("int") && update.parameters().size() == 2) {
            value = "flags";
        } else {
            throw headers.unknown(update, "inode_operations.update_time");
        }
        return new Fact("update_time", value, update.place());
    }

    private Fact time(String name, String accessor, String field) {
        return headers.function(accessor)
                .map(declaration -> new Fact(name, "accessor", declaration.place()))
                .orElseGet(() -> new Fact(name, "field", headers.needField("inode", field)));
    }

    private Fact state() {
        Optional<Declaration> accessor = headers.function("inode_state_read_once");
        return accessor.map(declaration -> new Fact("inode_state", "accessor", declaration.place()))
                .orElseGet(() -> new Fact("inode_state", "field", headers.needField("inode", "i_state")));
    }

    private Fact requestMask() {
        Declaration fill = headers.needFunction("generic_fillattr");
        return switch (fill.parameters().size()) {
            case 4 -> Fact.yesNo("fillattr_request_mask", true, fill.place());
            case 3 -> Fact.yesNo("fillattr_request_mask", false, fill.place());
            default -> throw headers.unknown(fill, "generic_fillattr()");
        };
    }
}
