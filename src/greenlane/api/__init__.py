"""The API, a thin door: it calls queries and actions of the apps and decides nothing."""
