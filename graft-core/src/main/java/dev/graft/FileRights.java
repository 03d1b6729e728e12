package dev.graft;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.AclFileAttributeView;

/** Who may do what with a file, handed on to the one that replaces it as far as the system lets us. */
final class FileRights {
    private static final int SET_IDS = 06000;

    private FileRights() {}

    /** Gives a new file what an old one has: owner and group where that is allowed, permissions. */
    static void copy(Path old, Path fresh) {
        FileSystem system = old.getFileSystem();
        if (system.supportedFileAttributeViews().contains("unix")) {
            boolean owner = set(old, fresh, "unix:uid");
            boolean group = set(old, fresh, "unix:gid");
            // After the owner, since a change of that clears bits of these.
            mode(old, fresh, owner && group);
        } else {
            acl(old, fresh);
        }
    }

    private static boolean set(Path old, Path fresh, String attribute) {
        try {
            Object wanted = Files.getAttribute(old, attribute, LinkOption.NOFOLLOW_LINKS);
            if (!wanted.equals(Files.getAttribute(fresh, attribute, LinkOption.NOFOLLOW_LINKS))) {
                Files.setAttribute(fresh, attribute, wanted, LinkOption.NOFOLLOW_LINKS);
            }
            return true;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // Only root gives files away; the file is then that of whoever wrote it.
            return false;
        }
    }

    private static void mode(Path old, Path fresh, boolean sameOwner) {
        try {
            int mode = (Integer) Files.getAttribute(old, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            // A program that runs as its owner must not run as another one.
            Files.setAttribute(fresh, "unix:mode", sameOwner ? mode : mode & ~SET_IDS);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // A file system without permissions.
        }
    }

    private static void acl(Path old, Path fresh) {
        try {
            AclFileAttributeView from = Files.getFileAttributeView(old, AclFileAttributeView.class);
            AclFileAttributeView to = Files.getFileAttributeView(fresh, AclFileAttributeView.class);
            if (from != null && to != null) {
                to.setAcl(from.getAcl());
            }
        } catch (IOException e) {
            // Inherited from the folder then.
        }
    }
}
