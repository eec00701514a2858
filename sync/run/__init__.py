"""One run, part by part: gather, absorb answers, decide, choose what leaves, conclude. `sync.pipeline` tells the story."""
