/** The part of Meta's library that the bench measures against; it carries no types of its own. */
declare module "facebook-nodejs-business-sdk" {
  export class UserData {
    setEmail(value: string): this;
    setPhone(value: string): this;
    setFirstName(value: string): this;
    setLastName(value: string): this;
    setCity(value: string): this;
    setState(value: string): this;
    setZip(value: string): this;
    setCountry(value: string): this;
    setExternalId(value: string): this;
    setClientIpAddress(value: string): this;
    setClientUserAgent(value: string): this;
    setFbc(value: string): this;
    setFbp(value: string): this;
  }

  export class Content {
    setId(value: string): this;
    setQuantity(value: number): this;
    setItemPrice(value: number): this;
  }

  export class CustomData {
    setValue(value: number): this;
    setCurrency(value: string): this;
    setContentIds(value: string[]): this;
    setContentType(value: string): this;
    setContents(value: Content[]): this;
    setNumItems(value: number): this;
    setOrderId(value: string): this;
  }

  export class ServerEvent {
    setEventName(value: string): this;
    setEventTime(value: number): this;
    setEventId(value: string): this;
    setActionSource(value: string): this;
    setEventSourceUrl(value: string): this;
    setUserData(value: UserData): this;
    setCustomData(value: CustomData): this;
    normalize(): Record<string, unknown>;
  }
}
