import { type Page, startEmbed } from "./embed";

startEmbed(window as unknown as Page);
