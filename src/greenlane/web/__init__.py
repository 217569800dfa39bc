"""The pages, a thin door: they call queries and actions of the apps and decide nothing."""
