"""PURE. Promises and instalment plans: proposed, kept, broken, followed one by one."""
