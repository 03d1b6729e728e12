package dev.graft.download;

import dev.graft.GraftException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Runs npm, which must be installed. */
public record Npm(String program) {
    private static final String REMEDY = "install Node.js (https://nodejs.org, or the package 'npm' of apt or dnf,"
            + " 'node' of brew) and run the command again";

    /** The one of the user's path. */
    public static Npm installed() {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        return new Npm(windows ? "npm.cmd" : "npm");
    }

    /**
     * Installs exactly what the lock file in a folder names, without running anything of it.
     *
     * @param what is fetched, for messages: {@code the sample pictures}
     * @throws GraftException if npm is missing or fails; says what to do
     */
    public void install(Path folder, String what) throws IOException {
        Path log = folder.resolve("npm.log");
        List<String> command =
                List.of(program, "ci", "--ignore-scripts", "--prefer-offline", "--loglevel=error", "--fetch-retries=1");
        Process npm;
        try {
            npm = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new GraftException("npm is missing, which fetches " + what + "; " + REMEDY, e);
        }
        int code;
        try {
            npm.getOutputStream().close();
            code = npm.waitFor();
        } catch (InterruptedException e) {
            npm.destroy();
            Thread.currentThread().interrupt();
            throw new GraftException("interrupted while npm fetched " + what + "; run the command again", e);
        }
        if (code != 0) {
            throw new GraftException("npm could not fetch " + what + " (" + reason(log)
                    + "); check the network and npm's registry and proxy settings, then run the command again");
        }
    }

    private static String reason(Path log) throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "").strip())
                .filter(line -> line.startsWith("npm error ") || line.startsWith("npm ERR! "))
                .map(line -> line.replaceFirst("^npm (error|ERR!) ", "").replaceFirst("^code ", ""))
                .limit(2)
                .reduce((first, second) -> first + ": " + second)
                .orElse("it gave no reason");
    }
}
