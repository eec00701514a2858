"""PURE. The Today tab: what people are asked to do, and what they answer."""
