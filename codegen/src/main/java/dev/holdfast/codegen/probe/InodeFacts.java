// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.io.IOException;
import java.util.List;

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
                fileattr(),
                accessor("inode_ctime", "inode_set_ctime_to_ts", "i_ctime"),
                accessor("inode_mtime", "inode_set_mtime_to_ts", "i_mtime"),
                accessor("inode_state", "inode_state_read_once", "i_state"),
                requestMask());
    }

    private Fact idmap() {
        return headers.shape(
                "idmap",
                "create",
                headers.needOperation(OPERATIONS, "create"),
                0,
                new Shape("mnt_idmap", "struct mnt_idmap *"),
                new Shape("user_namespace", "struct user_namespace *"));
    }

    private Fact createExcl() {
        Declaration create = headers.needOperation(OPERATIONS, "create");
        return switch (create.parameters().size()) {
            case 5 -> Fact.yesNo("create_excl", true, create.place());
            case 4 -> Fact.yesNo("create_excl", false, create.place());
            default -> throw headers.refusal("create takes neither 4 nor 5 parameters", create.place());
        };
    }

    private Fact mkdirReturns() {
        Declaration mkdir = headers.needOperation(OPERATIONS, "mkdir");
        return switch (mkdir.returns()) {
            case "int" -> new Fact("mkdir_returns", "int", mkdir.place());
            case "struct dentry *" -> new Fact("mkdir_returns", "dentry", mkdir.place());
            default -> throw headers.refusal("mkdir returns neither int nor struct dentry *", mkdir.place());
        };
    }

    private Fact updateTime() {
        Declaration update = headers.needOperation(OPERATIONS, "update_time");
        Fact fact = headers.shape(
                "update_time",
                "update_time",
                update,
                1,
                new Shape("timespec64", "struct timespec64 *"),
                new Shape("flags", "int"),
                new Shape("type", "enum fs_update_time"));
        int parameters = fact.value().equals("flags") ? 2 : 3;
        if (update.parameters().size() != parameters) {
            throw headers.refusal("update_time does not take " + parameters + " parameters", update.place());
        }
        return fact;
    }

    private Fact fileattr() {
        return headers.shape(
                "fileattr",
                "fileattr_get",
                headers.needOperation(OPERATIONS, "fileattr_get"),
                1,
                new Shape("fileattr", "struct fileattr *"),
                new Shape("file_kattr", "struct file_kattr *"));
    }

    /** What was a field of the inode and later got functions. */
    private Fact accessor(String name, String function, String field) {
        return headers.function(function)
                .map(declaration -> new Fact(name, "accessor", declaration.place()))
                .orElseGet(() -> new Fact(name, "field", headers.needField("inode", field)));
    }

    private Fact requestMask() {
        Declaration fill = headers.needFunction("generic_fillattr");
        return switch (fill.parameters().size()) {
            case 4 -> Fact.yesNo("fillattr_request_mask", true, fill.place());
            case 3 -> Fact.yesNo("fillattr_request_mask", false, fill.place());
            default -> throw headers.refusal("generic_fillattr() takes neither 3 nor 4 parameters", fill.place());
        };
    }
}
