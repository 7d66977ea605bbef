// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a file system finds around it. */
final class FileSystemFacts {
    private final Headers fs;
    private final Headers crc;
    private final Headers locks;
    private final Headers syscore;
    private final Exports exports;

    FileSystemFacts(KernelTree tree, Exports exports) throws IOException {
        this.fs = tree.headers("include/linux/fs.h", "include/linux/fs/*", "include/linux/dcache.h");
        this.crc = tree.headers("include/linux/crc32c.h", "include/linux/crc32.h");
        this.locks = tree.headers("include/linux/filelock.h", "include/linux/fs.h");
        this.syscore = tree.headers("include/linux/syscore_ops.h");
        this.exports = exports;
    }

    List<Fact> all() {
        return List.of(
                oneOf("splice_read", "copy_splice_read", "generic_file_splice_read"),
                fs.isDeclared("d_make_persistent", "d_make_persistent"),
                dentryOperations(),
                oneOf("inode_drop", "inode_just_drop", "generic_delete_inode"),
                crc32c(),
                setlease(),
                syscore());
    }

    /** The newer of two functions if it is there, else the older one, which must be. */
    private Fact oneOf(String name, String newer, String older) {
        Optional<Declaration> declared = fs.function(newer);
        String function = declared.isPresent() ? newer : older;
        Fact fact = new Fact(
                name, function, declared.orElseGet(() -> fs.needFunction(older)).place());
        exports.need(List.of(function));
        return fact;
    }

    private Fact dentryOperations() {
        return fs.function("set_default_d_op")
                .map(declared -> new Fact("sb_d_op", "set_default_d_op", declared.place()))
                .orElseGet(() -> new Fact("sb_d_op", "field", fs.needField("super_block", "s_d_op")));
    }

    /** The header to include; a file system that names no function for leases has none on newer kernels. */
    private Fact setlease() {
        Place place = locks.needFunction("generic_setlease").place();
        return new Fact("setlease_header", place.file().replaceFirst("^include/", ""), place);
    }

    private Fact syscore() {
        return syscore.function("register_syscore")
                .map(declared -> new Fact("syscore", "register_syscore", declared.place()))
                .orElseGet(() -> new Fact(
                        "syscore",
                        "register_syscore_ops",
                        syscore.needFunction("register_syscore_ops").place()));
    }

    /** The library function without the crypto layer, if modules may call it. */
    private Fact crc32c() {
        String name = "crc32c";
        Optional<Declaration> direct = crc.function("__crc32c_le").filter(found -> exports.has("__crc32c_le"));
        return direct.map(declared -> new Fact(name, "__crc32c_le", declared.place()))
                .orElseGet(() ->
                        new Fact(name, "crc32c", crc.needFunction("crc32c").place()));
    }
}
