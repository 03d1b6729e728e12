package dev.graft.data;

import java.util.ArrayList;
import java.util.List;

/** Some 300 picture files of kinds that are seldom seen, made here, with the pixels or the refusal that is right. */
public final class OddPictures {
    private OddPictures() {}

    public static List<OddPicture> all() {
        List<OddPicture> all = new ArrayList<>();
        all.addAll(OddOrientations.all());
        all.addAll(OddJpegs.all());
        all.addAll(OddTiffs.all());
        all.addAll(OddPngs.all());
        all.addAll(OddGifs.all());
        all.addAll(OddBmps.all());
        all.addAll(OddPnms.all());
        return all;
    }
}
