// Sets the chosen theme before the first paint; runs in <head>, so it is small and not a module.
document.documentElement.dataset.theme = localStorage.getItem("alice.theme") || "";
