"""An invented company and its portfolio: what the demo and the tests of scale run on."""
